internal import Foundation
internal import OrderedCollections
public import Tree

extension FolderForm {
    /// Where a directory was exported from, as its file `.headwater` says: what `apply` needs to tell what was changed in
    /// the directory from what was changed in the tree.
    public struct Origin: Hashable, Sendable {
        /// The folder that the directory is.
        public let path: Path
        /// The revision that the directory was taken from.
        public let revision: Int
        /// When that revision was made, as the server writes it; tells one server's revision from another's.
        public let time: String

        public init(path: Path, revision: Int, time: String) {
            self.path = path
            self.revision = revision
            self.time = time
        }

        /// The file's name; hidden, so that it names no entry.
        public static let file = ".headwater"

        /// What a directory says; nil if it says nothing.
        public static func read(in directory: String) throws(FolderFormError) -> Origin? {
            let file = join(directory, Origin.file)
            guard let data = FileManager.default.contents(atPath: file) else { return nil }
            let map = try definition(Array(data), of: file)
            guard let path = map["path"]?.string.flatMap({ try? Path($0) }), let revision = map["revision"]?.integer,
                (0..<Int.max).contains(revision), let time = map["time"]?.string
            else {
                throw FolderFormError(
                    file,
                    "expected path, revision and time, as `headwater export` writes them; export anew, or remove it")
            }
            return Origin(path: path, revision: revision, time: time)
        }

        /// Writes the file, in place of the one that was there.
        public func write(in directory: String) throws(FolderFormError) {
            let file = join(directory, Origin.file)
            let text = "# Written by headwater export and apply: what came since is merged.\n"
            let map: Map = ["path": .string("\(path)"), "revision": .integer(revision), "time": .string(time)]
            do {
                try Data(Array(text.utf8) + YAML.encode(.map(map)))
                    .write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw FolderFormError(file, "the file cannot be written: \(error.localizedDescription)")
            }
        }
    }
}
