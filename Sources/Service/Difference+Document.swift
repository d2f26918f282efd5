import Lifecycle
import OrderedCollections
import Tree

extension Difference {
    /// The difference between two revisions, as people and programs see it.
    var document: Value {
        var map: Map = ["key": .string("\(key)")]
        map["before"] = before
        map["after"] = after
        return .map(map)
    }
}
