import OrderedCollections
import Tree

extension Value {
    /// The value at a key, from this map downward; nil if there is none. Elements of lists are named by their index.
    subscript(key: DottedPath) -> Value? {
        key.keys.reduce(self) { value, key in
            switch value {
            case .map(let map): return map[key]
            case .list(let list):
                guard let index = Int(key.text), list.indices.contains(index) else { return Value?.none }
                return list[index]
            default: return Value?.none
            }
        }
    }
}
