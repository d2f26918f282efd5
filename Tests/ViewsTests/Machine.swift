import Cascade
import Formats
import OrderedCollections
import Tree
import Views

/// A machine whose computed definition is made of two layers in YAML, as the service would make it.
func machine(
    _ path: String = "/courses/so/web", _ definition: String = "{}", common: String = "{}",
    state: String = "running", hypervisor: String? = nil, nics: OrderedDictionary<String, Facts.NIC> = [:]
) throws -> Subject {
    let path = try Path(path)
    let root = Layer(source: Source(path: .root, isCommon: true), definition: try yaml(common), revision: 3)
    let local = Layer(source: Source(path: path, isCommon: false), definition: try yaml(definition), revision: 7)
    return Subject(
        Inheritance(root: root).compute(local), Facts(state: state, hypervisor: hypervisor, nics: nics))
}

func yaml(_ text: String) throws -> Map {
    try YAML.decode(Array(text.utf8)).map ?? [:]
}

func json(_ map: Map) -> String {
    String(decoding: JSON.encode(.map(map)), as: UTF8.self)
}

extension Map {
    /// The map at a key; empty if there is none.
    func map(_ key: String) -> Map { self[key]?.map ?? [:] }
}
