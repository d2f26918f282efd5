import OrderedCollections
import Tree

/// An entry in a list, as the server tells of it.
struct Listing {
    let map: Map

    var path: String { map["path"]?.string ?? "" }
    var name: String { map["name"]?.string ?? path.split(separator: "/").last.map(String.init) ?? "/" }
    var kind: String { map["kind"]?.string ?? "" }
    var isFolder: Bool { kind == Kind.folder.rawValue }
    var certname: String { map["certname"]?.string ?? "" }
    var state: String { map["state"]?.string ?? "" }
    var definition: Map { map["definition"]?.map ?? [:] }
}
