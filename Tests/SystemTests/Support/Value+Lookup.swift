import OrderedCollections
import Tree

extension Value {
    /// The value of a key; nil if there is none or this is no map.
    subscript(key: String) -> Value? { map?[key] }

    /// The value at a position; nil if there is none or this is no list.
    subscript(index: Int) -> Value? { list.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
}
