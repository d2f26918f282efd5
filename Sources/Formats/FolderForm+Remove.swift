internal import Foundation
public import Tree

extension FolderForm {
    /// Removes the files that describe an entry below the folder `root`; of a folder, its directory too once that is
    /// empty.
    ///
    /// - Returns: the files that are gone.
    public static func remove(
        _ path: Path, _ kind: Kind, below root: Path, from directory: String
    ) throws(FolderFormError) -> [String] {
        let place = path.segments.dropFirst(root.segments.count).reduce(directory, join)
        let stem = kind == .folder ? join(place, Path.common) : place
        var removed: [String] = []
        for file in endings.map({ "\(stem).\($0)" }) where FileKind(file) == .file {
            do {
                try FileManager.default.removeItem(atPath: file)
            } catch {
                throw FolderFormError(file, "the file cannot be removed: \(error.localizedDescription)")
            }
            removed.append(file)
        }
        if kind == .folder, (try? FileManager.default.contentsOfDirectory(atPath: place))?.isEmpty == true {
            try? FileManager.default.removeItem(atPath: place)
        }
        return removed
    }
}
