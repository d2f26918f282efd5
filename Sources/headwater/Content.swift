import Formats
import OrderedCollections
import Tree

/// The entries at a path and below, as the tree has them, or a directory.
struct Content {
    private let items: [Path: FolderForm.Item]

    /// - Parameter revision: nil is the newest. Empty if nothing stood there.
    init(below path: Path, at revision: String?, _ client: Client) async throws(Failure) {
        do {
            let entries = try await client.list(below: path, fields: ["path", "kind", "definition"], at: revision)
            try self.init(entries.map { entry throws(Failure) in try FolderForm.Item(entry: entry) })
        } catch {
            guard error.answered == 404, error.path == path.description else { throw error }
            self.init([])
        }
    }

    /// What a directory says; of a folder without a file in it nothing, so that it stays what it is in `other`.
    init(directory items: [FolderForm.Item], over other: Content? = nil) {
        self.init(items.map { item in item.file == nil ? other?.items[item.path] ?? item : item })
    }

    private init(_ items: [FolderForm.Item]) {
        self.items = Dictionary(items.map { ($0.path, $0) }) { first, _ in first }
    }

    var isEmpty: Bool { items.isEmpty }

    /// What became of each entry, sorted by path, as a revision tells it. An entry that stands elsewhere is another one.
    func changes(to other: Content) -> [Map] {
        Set(items.keys).union(other.items.keys).sorted().compactMap { path in
            let (before, after) = (items[path], other.items[path])
            // A folder without a file says nothing of its definition.
            let isSame = before?.kind == after?.kind && before?.definition == after?.definition
            return isSame ? nil : Content.change(path, before, after)
        }
    }

    /// One of the two is there.
    private static func change(_ path: Path, _ before: FolderForm.Item?, _ after: FolderForm.Item?) -> Map {
        let differences = Difference.between(
            before.map { .map($0.definition) }, after.map { .map($0.definition) }, orderFrom: 0)
        return [
            "path": .string("\(path)"), "kind": .string((after ?? before)?.kind.rawValue ?? ""),
            "change": before == nil ? "created" : after == nil ? "removed" : "changed",
            "differences": .list(differences.filter { $0.isOrder || !$0.key.keys.isEmpty }.map(\.document)),
        ]
    }
}
