import OrderedCollections
import Tree

/// Writes values so that Ansible's JSON decoder gives back what they are.
///
/// Strings from an inventory are code to Ansible: it renders those that look like templates, and a condition such as
/// `when: "{{ flag }}"` takes any string for an expression. Both may call functions, and those run on the controller. A
/// string that could do so is sent as `{"__ansible_unsafe": "…"}`, which the decoder turns into one that is never code.
///
/// A map of the user's with a key of that kind cannot be sent at all: the decoder would take it for a marker, and
/// refuse the whole inventory if it is a bad one. Such keys are left out.
struct Marking {
    /// Whether strings may be templates.
    let isTemplated: Bool

    func marked(_ map: Map) -> Map {
        var result: Map = [:]
        result.reserveCapacity(map.count)
        for (key, value) in map where !Marking.markers.contains(key) { result[key] = marked(value) }
        return result
    }

    private func marked(_ value: Value) -> Value {
        switch value {
        case .string(let text) where !isTemplated && Marking.couldBeCode(text):
            ["__ansible_unsafe": value]
        case .list(let elements):
            .list(elements.map(marked))
        case .map(let map):
            .map(marked(map))
        case .null, .bool, .integer, .float, .string:
            value
        }
    }

    /// Whether the string has a mark of a template, the header that gives templates other marks, or, as an expression,
    /// a call.
    private static func couldBeCode(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "(")) || text.holds("{", before: "{", "%", "#")
            || text.utf8.starts(with: "#jinja2:".utf8)
    }

    /// Where keys that are markers to the decoder stand in a map.
    static func markers(in map: Map, at place: DottedPath) -> [DottedPath] {
        map.flatMap { key, value in
            markers.contains(key) ? [place + key] : markers(in: value, at: place + key)
        }
    }

    private static func markers(in value: Value, at place: DottedPath) -> [DottedPath] {
        switch value {
        case .map(let map): markers(in: map, at: place)
        case .list(let elements): elements.enumerated().flatMap { markers(in: $1, at: place + String($0)) }
        case .null, .bool, .integer, .float, .string: []
        }
    }

    /// The keys by which the decoder of ansible-core knows a map that stands for something else.
    private static let markers: Set<String> = ["__ansible_unsafe", "__ansible_vault", "__ansible_type"]
}
