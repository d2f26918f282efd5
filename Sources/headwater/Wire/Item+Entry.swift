import Formats
import OrderedCollections
import Tree

extension FolderForm.Item {
    /// An entry as the server tells of it.
    init(entry: Map) throws(Failure) {
        let listing = Listing(map: entry)
        guard let path = try? Path(listing.path), let kind = Kind(rawValue: listing.kind) else {
            throw Failure("the server named an entry that this program does not know: \(listing.kind) \(listing.path)")
        }
        self.init(path: path, kind: kind, definition: listing.definition)
    }
}
