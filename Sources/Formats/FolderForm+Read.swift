public import Tree

extension FolderForm {
    /// Reads a directory as the folder `root`, or one file as the entry of its name in the folder `root`.
    ///
    /// Hidden files are passed over. `note` hears of each other file that is none of the folder form's.
    /// - Returns: the entries, a folder before what it holds, names in order.
    public static func read(
        _ directory: String, at root: Path = .root, note: (String) -> Void = { _ in }
    ) throws(FolderFormError) -> [Item] {
        var reader = FolderReader(top: directory)
        reader.readTop(at: root)
        guard reader.faults.isEmpty else { throw FolderFormError(reader.faults) }
        for file in reader.ignored { note(file) }
        return reader.items
    }
}
