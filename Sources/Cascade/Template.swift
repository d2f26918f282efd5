import OrderedCollections
import Tree

/// A value taken apart at its references, so that this is done once for all machines that it is handed down to.
indirect enum Template: Sendable {
    case plain(Value)
    case text([Reference.Part])
    case malformed(String)
    case list([Template])
    case map(OrderedDictionary<Key, Template>)

    /// Nil if no string in the value holds a reference, as is so with most.
    init?(_ value: Value) {
        switch value {
        case .null, .bool, .integer, .float:
            return nil
        case .string(let text):
            guard Reference.isHeld(by: text) else { return nil }
            do {
                self = .text(try Reference.parts(of: text))
            } catch {
                self = .malformed(error.message)
            }
        case .list(let elements):
            guard elements.contains(where: { $0.holdsReference }) else { return nil }
            self = .list(elements.map { Template($0) ?? .plain($0) })
        case .map(let map):
            guard map.values.contains(where: { $0.holdsReference }) else { return nil }
            self = .map(map.mapValues { Template($0) ?? .plain($0) })
        }
    }
}

extension Template {
    /// What the references in it lead to.
    var targets: [DottedPath] {
        switch self {
        case .plain, .malformed: []
        case .text(let parts): parts.compactMap { if case .reference(let target) = $0 { target } else { nil } }
        case .list(let elements): elements.flatMap(\.targets)
        case .map(let map): map.values.flatMap(\.targets)
        }
    }
}

extension Fused {
    /// What the references in it lead to.
    var targets: [DottedPath] {
        (keyTemplate?.targets ?? [])
            + (template?.targets ?? fields?.values.filter(\.holdsReference).flatMap(\.targets) ?? [])
    }
}
