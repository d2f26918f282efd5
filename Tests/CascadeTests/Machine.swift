import Cascade
import Formats
import OrderedCollections
import Tree

/// Computes a machine called `web`: the definitions are those of `/`, of the folders `/a`, `/a/b` … and, last, its own.
func machine(_ definitions: String...) throws -> Computed {
    let maps = try definitions.map(map)
    var path = Path.root
    var inheritance = Inheritance(root: common(path, maps.first ?? [:]))
    for (name, definition) in zip(["a", "b", "c", "d"], maps.dropFirst().dropLast()) {
        path = try path.appending(name)
        inheritance = inheritance.entering(common(path, definition))
    }
    return inheritance.compute(try local(path.appending("web"), maps.last ?? [:]))
}

/// The map that a text in YAML holds.
func map(_ yaml: String) throws -> Map {
    try YAML.decode(Array(yaml.utf8)).map ?? [:]
}

func common(_ path: Path, _ definition: Map) -> Layer {
    Layer(source: Source(path: path, kind: .folder), definition: definition, revision: path.segments.count + 1)
}

func local(_ path: Path, _ definition: Map) -> Layer {
    Layer(source: Source(path: path, kind: .vm), definition: definition, revision: path.segments.count + 1)
}

extension Computed {
    /// The variables alone.
    var vars: Map? { definition["vars"]?.map }

    /// What is wrong, as people read it.
    var texts: [String] { problems.map(\.description) }

    /// Where a value is from: `/a/web over /common, /a/common`.
    func origin(_ key: String) throws -> String? {
        try origin(of: DottedPath(key))?.provenance
    }
}

extension Fused {
    /// `/a/web over /common, /a/common`, and `appended to` and the like where lists were joined.
    var provenance: String {
        guard !overrode.isEmpty else { return layer.source.description }
        let joint = strategy.map { "\($0.rawValue) to" } ?? "over"
        return "\(layer.source) \(joint) \(overrode.map(\.layer.source.description).joined(separator: ", "))"
    }
}
