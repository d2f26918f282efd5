import Cascade
import OrderedCollections
import Store
import Tree
import Views

/// Explanations as people and programs see them: the values name their layers, and each layer is told of once.
struct ExplainDocument {
    private let blame: Blame?
    private let sees: (Path) -> Bool
    private var members: Map
    private var layers: OrderedDictionary<String, Layer> = [:]

    /// - Parameters:
    ///   - blame: since when the levels say what they say, if that is to be told.
    ///   - sees: whether a level may be viewed. Of the others it is told that they gave a value that came down, and nothing
    ///     that did not.
    init(_ computed: Computed, _ explanations: [Explanation], _ blame: Blame?, _ sees: @escaping (Path) -> Bool) {
        self.blame = blame
        self.sees = sees
        members = [
            "path": .string("\(computed.path)"), "certname": .string(computed.certname),
            "revision": .integer(computed.revision),
        ]
        tell(explanations)
        members["problems"] = .list(computed.problems.map { .map($0.seen(sees).document) })
    }

    init(
        _ inheritance: Inheritance, _ explanations: [Explanation], _ blame: Blame?, _ sees: @escaping (Path) -> Bool
    ) {
        self.blame = blame
        self.sees = sees
        members = ["path": .string("\(inheritance.path)")]
        tell(explanations)
        members["problems"] = .list(inheritance.problems.map { .map($0.seen(sees).document) })
    }

    /// Adds what a tool sees of the keys that are at or around `key`, or below it.
    mutating func show(_ tool: Tool, _ subject: Subject, _ key: DottedPath) {
        let sights = tool.sights(subject).filter { sight in
            sight.key.keys.starts(with: key.keys) || key.keys.starts(with: sight.key.keys)
        }
        members["as"] = .string(tool.rawValue)
        members["seen"] = .list(
            sights.map { sight in
                var map: Map = ["key": .string("\(sight.key)")]
                map["place"] = sight.place.map { .string("\($0)") }
                map["value"] = sight.value
                map["reasons"] = .list(
                    sight.reasons.map { ["key": .string("\($0.key)"), "detail": .string($0.reason)] })
                return .map(map)
            })
    }

    /// The document, with what `store` knows of those who wrote the layers.
    func map(_ store: any StateStore) throws(ServiceError) -> Map {
        var authors: [Int: Revision] = [:]
        var described: Map = [:]
        for (name, layer) in layers {
            let number = layer.revision
            let isSeen = sees(layer.source.path)
            if isSeen, number > 0, authors[number] == nil {
                authors[number] = try ServiceError.wrapping { () throws(StoreError) in try store.revision(number) }
            }
            var map: Map = ["path": .string("\(layer.source.path)")]
            map["prototype"] = layer.source.prototype.map(Value.string)
            map["revision"] = .integer(number)
            if isSeen { map.merge(authors[number]?.authorship ?? [:]) { old, _ in old } }
            described[name] = .map(map)
        }
        var document = members
        document["layers"] = .map(described)
        return document
    }
}

extension ExplainDocument {
    private mutating func tell(_ explanations: [Explanation]) {
        members["values"] = .list(explanations.map { .map(map($0)) })
    }

    private mutating func map(_ explanation: Explanation) -> Map {
        var map: Map = ["key": .string("\(explanation.key)")]
        map["value"] = explanation.value
        map["absent"] = explanation.absence.map(Value.string)
        if let origin = explanation.origin {
            map["from"] = name(origin.layer)
            if sees(origin.layer.source.path) { map["since"] = blame?.since(explanation) }
            if explanation.value != origin.value, sees(origin.layer.source.path) { map["written"] = origin.value }
            if let strategy = origin.strategy {
                map["strategy"] = .string(strategy.rawValue)
                map["own"] = origin.written
                map["joined"] = .list(
                    origin.joined.reversed().map { ["from": name($0.layer), "value": $0.value] })
            }
        }
        map["overrode"] = .list(
            explanation.overrode.map { override in
                var map: Map = ["from": name(override.layer)]
                map.merge(value(override.value, of: override.layer)) { old, _ in old }
                if override.key != explanation.key { map["key"] = .string("\(override.key)") }
                return .map(map)
            })
        if !explanation.removals.isEmpty {
            map["unset"] = .list(explanation.removals.map { removal($0, explanation.key) })
        }
        if !explanation.leads.isEmpty { map["references"] = .list(explanation.leads.map { lead($0) }) }
        return map
    }

    private mutating func removal(_ removal: Removal, _ key: DottedPath) -> Value {
        let removed = removal.removed[key.keys.dropFirst(removal.key.keys.count)] ?? removal.removed
        var map: Map = ["at": name(removal.layer), "from": name(removed.layer)]
        map.merge(value(removed.value, of: removed.layer)) { old, _ in old }
        if removal.key != key { map["key"] = .string("\(removal.key)") }
        return .map(map)
    }

    private mutating func lead(_ lead: Explanation.Lead) -> Value {
        var map: Map = ["key": .string("\(lead.key)")]
        map["value"] = lead.value
        map["from"] = lead.layer.map { name($0) }
        if !lead.leads.isEmpty { map["references"] = .list(lead.leads.map { self.lead($0) }) }
        return .map(map)
    }

    /// What a level says that did not come down.
    private func value(_ value: Value, of layer: Layer) -> Map {
        sees(layer.source.path) ? ["value": value] : ["hidden": true]
    }

    /// The name by which the document knows a layer.
    private mutating func name(_ layer: Layer) -> Value {
        let name = layer.source.description
        layers[name] = layer
        return .string(name)
    }
}

extension Revision {
    /// Who made it, when and why.
    var authorship: Map {
        var map: Map = ["time": .string(Clock.text(time)), "principal": .string(principal)]
        map["message"] = message.map(Value.string)
        return map
    }
}
