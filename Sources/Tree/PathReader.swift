/// Reads many paths, one after the other: those that stand in one folder share its path.
public struct PathReader {
    /// What was read last of a folder.
    private var folder = (text: "", path: Path.root)

    public init() {}

    /// Reads a path, as ``Path/init(_:)`` does.
    public mutating func path(_ text: String) throws(PathError) -> Path {
        let bytes = text.utf8
        let slash = UInt8(ascii: "/")
        guard let end = bytes.lastIndex(of: slash) else { return try Path(text) }
        let (head, name) = (Substring(bytes[..<end]), Substring(bytes[bytes.index(after: end)...]))
        if head != folder.text {
            // What is not all right is refused as a whole, so that the message shows it so.
            guard head.utf8.last != slash, let path = try? Path(String(head)) else { return try Path(text) }
            folder = (String(head), path)
        }
        guard !name.isEmpty else { return try Path(text) }
        return try folder.path.appending(String(name))
    }
}
