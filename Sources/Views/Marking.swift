import OrderedCollections
import Tree

/// Writes values so that Ansible's JSON decoder gives back what they are, and no more.
///
/// Strings from an inventory are code to Ansible: it renders those that look like templates, and a condition such as
/// `when: "{{ flag }}"` takes any string for an expression. Both may call functions, and those run on the controller. A
/// string that could do so is sent as `{"__ansible_unsafe": "…"}`, which the decoder turns into one that is never code.
///
/// Keys cannot be sent so. A key that could be code is left out, for releases before 2.19 would run it; and a key that
/// is such a marker itself, for the decoder would read the map around it as something else, or refuse the whole
/// inventory over it.
struct Marking {
    /// Whether strings may be code.
    let isTemplated: Bool

    /// Of what may be code, and of what is text.
    static let code = Marking(isTemplated: true)
    static let text = Marking(isTemplated: false)

    private init(isTemplated: Bool) {
        self.isTemplated = isTemplated
    }

    func marked(_ map: Map) -> Map {
        guard changes(map) else { return map }
        var result: Map = [:]
        result.reserveCapacity(map.count)
        for (key, value) in map where refusal(of: key) == nil { result[key] = marked(value) }
        return result
    }

    func marked(_ value: Value) -> Value {
        switch value {
        case .string(let text) where !isTemplated && Marking.couldBeCode(text):
            ["__ansible_unsafe": value]
        case .list(let elements):
            changes(value) ? .list(elements.map(marked)) : value
        case .map(let map):
            .map(marked(map))
        case .null, .bool, .integer, .float, .string:
            value
        }
    }

    /// Whether anything in a value has to be marked or left out: most of what is sent does not, and stays shared.
    private func changes(_ value: Value) -> Bool {
        switch value {
        case .string(let text): !isTemplated && Marking.couldBeCode(text)
        case .list(let elements): elements.contains(where: changes)
        case .map(let map): changes(map)
        case .null, .bool, .integer, .float: false
        }
    }

    private func changes(_ map: Map) -> Bool {
        map.elements.contains { refusal(of: $0.key) != nil || changes($0.value) }
    }

    /// Why a key is left out; nil if it is not.
    func refusal(of key: Key) -> String? {
        if key.utf8.first == UInt8(ascii: "_"), Marking.markers.contains(key) {
            return "left out: Ansible would decode the map that holds it"
        }
        if !isTemplated, Marking.couldBeCode(key.text) {
            return "left out: Ansible before 2.19 could run it as code, being a key it cannot be marked as text"
        }
        return nil
    }

    /// The keys within a map that are left out, at any depth.
    func omissions(in map: Map, at place: DottedPath) -> [Omission] {
        map.flatMap { key, value in
            refusal(of: key).map { [Omission(place + key, $0)] } ?? omissions(in: value, at: place + key)
        }
    }

    func omissions(in value: Value, at place: DottedPath) -> [Omission] {
        switch value {
        case .map(let map): omissions(in: map, at: place)
        case .list(let elements): elements.enumerated().flatMap { omissions(in: $1, at: place + "\($0)") }
        case .null, .bool, .integer, .float, .string: []
        }
    }

    /// Whether the string has a mark of a template, the header that gives templates other marks, or, as an expression,
    /// a call.
    private static func couldBeCode(_ text: String) -> Bool {
        var isOpen = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "(") || isOpen && marks.contains(byte) { return true }
            isOpen = byte == UInt8(ascii: "{")
        }
        return text.utf8.starts(with: "#jinja2:".utf8)
    }

    /// What makes a template of a brace before it.
    private static let marks = "{%#".utf8

    /// The keys by which the decoder of ansible-core knows a map that stands for something else.
    private static let markers: Set<Key> = ["__ansible_unsafe", "__ansible_vault", "__ansible_type"]
}
