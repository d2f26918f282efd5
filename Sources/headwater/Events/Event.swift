import Formats
import OrderedCollections
import Tree

/// Something that happened on the server, as its stream tells it.
struct Event: Hashable {
    /// What it is called: `revision`, `state`, `operation`, `reset`.
    var name: String
    var data: String
    /// Where the stream goes on after it.
    var id: String

    /// The data; empty if it is no map.
    var map: Map { (try? JSON.decode(Array(data.utf8)))?.map ?? [:] }
}
