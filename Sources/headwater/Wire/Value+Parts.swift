import OrderedCollections
import Tree

extension Value {
    /// The maps of a list; none of anything else.
    var maps: [Map] { (list ?? []).compactMap(\.map) }

    /// The texts of a list; none of anything else.
    var texts: [String] { (list ?? []).compactMap(\.string) }
}
