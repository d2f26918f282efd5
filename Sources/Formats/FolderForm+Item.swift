public import Tree

extension FolderForm {
    /// An entry, as a directory or a file describes it.
    public struct Item: Hashable, Sendable {
        public let path: Path
        public let kind: Kind
        public let definition: Map
        /// The file that holds the definition; nil for a folder that has none, and for what was not read from files.
        public let file: String?

        public init(path: Path, kind: Kind, definition: Map, file: String? = nil) {
            self.path = path
            self.kind = kind
            self.definition = definition
            self.file = file
        }
    }
}
