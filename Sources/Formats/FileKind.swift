internal import Foundation

/// What stands under a name in the file system, links not followed.
enum FileKind {
    case file, directory, link, other

    /// Nil if there is nothing.
    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular: self = .file
        case .typeDirectory: self = .directory
        case .typeSymbolicLink: self = .link
        default: self = .other
        }
    }
}
