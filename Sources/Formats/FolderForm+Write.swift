public import Tree

extension FolderForm {
    /// What writing did to a directory.
    public struct Report: Hashable, Sendable {
        /// The files that were written.
        public var written: [String] = []
        /// The files that say the same already; their comments stay.
        public var unchanged: [String] = []
        /// What describes an entry that is not among those written; it is left alone.
        public var left: [String] = []
    }

    /// Writes the folder `root` as a directory, which is made if it does not exist; or a single machine as a file in it.
    ///
    /// A directory that holds files already is brought up to date: a definition keeps its file and its ending, and
    /// nothing is deleted. Each file is replaced as a whole, so that a crash leaves the old one or the new one.
    public static func write(_ items: [Item], below root: Path, to directory: String) throws(FolderFormError) -> Report
    {
        var writer = FolderWriter()
        let isMachine = items.contains { $0.path == root && $0.kind == .vm }
        let base = isMachine ? root.parent ?? .root : root
        try writer.makeDirectory(directory, allowsLink: true)
        for item in items {
            guard base.contains(item.path) else { continue }
            var place = directory
            let segments = item.path.segments.dropFirst(base.segments.count)
            for segment in item.kind == .folder ? segments : segments.dropLast() {
                place = join(place, segment)
                try writer.makeDirectory(place, allowsLink: false)
            }
            switch item.kind {
            case .folder: try writer.write(item.definition, join(place, Path.common), isOptional: true)
            case .vm: try writer.write(item.definition, join(place, item.path.name), isOptional: false)
            }
        }
        if !isMachine { writer.findLeft() }
        return writer.report
    }

    static func join(_ directory: String, _ name: String) -> String {
        directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }
}
