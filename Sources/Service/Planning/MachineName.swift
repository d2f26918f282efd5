import OrderedCollections
import Tree

/// A machine, and what it was called before a change, if that is something else.
struct MachineName: Hashable, Sendable {
    let path: Path
    let certname: String
    /// Where it stood.
    let from: Path?
    /// The name by which tools knew it.
    let formerly: String?

    var document: Value {
        var map: Map = ["path": .string("\(path)"), "certname": .string(certname)]
        map["from"] = from.map { .string("\($0)") }
        map["formerly"] = formerly.map(Value.string)
        return .map(map)
    }
}
