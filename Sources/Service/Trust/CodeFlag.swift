import OrderedCollections
import Tree

/// A flag that lets a level's texts through to a tool which evaluates them.
enum CodeFlag: CaseIterable {
    case templates
    case interpolate

    /// The top-level key that it stands below.
    var tool: Key {
        switch self {
        case .templates: "ansible"
        case .interpolate: "puppet"
        }
    }

    var key: DottedPath {
        switch self {
        case .templates: [tool, "templates"]
        case .interpolate: [tool, "interpolate"]
        }
    }

    /// Whether a definition sets it, or may do so by a reference.
    func isSet(in definition: Map) -> Bool {
        switch definition[tool] {
        case .map(let map)?: map[key.keys[1]].map { $0 != false } ?? false
        case .string(let text)?: Reference.isHeld(by: text)
        default: false
        }
    }

    /// Whether what stands at a key is sent to the tool.
    func covers(_ key: DottedPath) -> Bool {
        switch self {
        case .templates: key.keys.first == "vars" || key.keys.first == "ansible"
        case .interpolate: key.keys.first == "vars" || key.keys.starts(with: ["puppet", "lookup_options"])
        }
    }

    /// Whether the tool could evaluate a text at a key, or what the text becomes with what its references bring in.
    func lets(_ parts: [Reference.Part], at key: DottedPath) -> Bool {
        guard covers(key) else { return false }
        var previous: Reference.Part?
        for part in parts {
            defer { previous = part }
            if case .text(let text) = part, isCode(text) { return true }
            if let previous, joins(previous, part) { return true }
        }
        return false
    }

    /// Whether the tool could evaluate a text in a value, or a key.
    func lets(_ value: Value, at key: DottedPath) -> Bool {
        guard covers(key) else { return false }
        return key.keys.contains { isCode($0.text) } || holdsCode(value, at: key)
    }

    private func holdsCode(_ value: Value, at key: DottedPath) -> Bool {
        switch value {
        case .string(let text): lets((try? Reference.parts(of: text)) ?? [.text(text)], at: key)
        case .list(let elements): elements.contains { holdsCode($0, at: key) }
        case .map(let map): map.contains { isCode($0.key.text) || holdsCode($0.value, at: key) }
        case .null, .bool, .integer, .float: false
        }
    }

    /// What begins code, by the characters before and after the place where it may be cut in two.
    private var openings: (first: String.UTF8View, second: String.UTF8View) {
        switch self {
        case .templates: ("{".utf8, "{%#".utf8)
        case .interpolate: ("%".utf8, "{".utf8)
        }
    }

    private func isCode(_ text: String) -> Bool {
        // An expression such as that of Ansible's `when` is code without any mark; it does harm by calls.
        if self == .templates, text.utf8.contains(UInt8(ascii: "(")) || text.utf8.starts(with: "#jinja2:".utf8) {
            return true
        }
        return zip(text.utf8, text.utf8.dropFirst()).contains {
            openings.first.contains($0) && openings.second.contains($1)
        }
    }

    /// Whether two parts of a text may make code where they meet, of which one is not known.
    private func joins(_ one: Reference.Part, _ other: Reference.Part) -> Bool {
        switch (one, other) {
        case (.reference, .reference): true
        case (.text(let text), .reference): text.utf8.last.map(openings.first.contains) ?? false
        case (.reference, .text(let text)): text.utf8.first.map(openings.second.contains) ?? false
        case (.text, .text): false
        }
    }
}
