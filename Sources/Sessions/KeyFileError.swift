import Foundation

/// Why the keys of sessions could not be read or written.
public struct KeyFileError: Error, Hashable, CustomStringConvertible {
    let file: String
    let cause: String

    init(file: String, _ cause: String) {
        self.file = file
        self.cause = cause
    }

    init(file: String, _ code: Int32) {
        self.init(file: file, String(cString: strerror(code)))
    }

    public var description: String {
        "\(file): \(cause); the keys that sign sessions belong there: put the file right, or remove it and all who logged "
            + "in with a password do so again"
    }
}
