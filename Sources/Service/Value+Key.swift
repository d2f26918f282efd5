import OrderedCollections
import Tree

extension Value {
    /// What stands at a key; nil if nothing does.
    func value(at key: DottedPath) -> Value? {
        key.keys.reduce(self) { value, name in value?.map?[name] }
    }
}
