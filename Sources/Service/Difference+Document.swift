import OrderedCollections
import Tree

extension Difference {
    /// The difference as a revision has it.
    var document: Value {
        var map: Map = ["key": .string("\(key)")]
        map["before"] = before
        map["after"] = after
        return .map(map)
    }
}
