import Formats
import OrderedCollections
import Tree

/// One change of a definition, as it is written on a command line: `vars.role=web`, or `vars.role-` to remove it.
struct Assignment: Hashable {
    let key: DottedPath
    /// Nil removes the key.
    let value: Value?
    /// The value as it was written.
    private let text: String

    private init(_ key: DottedPath, _ value: Value?, _ text: String = "") {
        self.key = key
        self.value = value
        self.text = text
    }

    /// What was taken for something else than a text: `2 (an integer …)`; nil if there is nothing to tell.
    var note: String? {
        let kind: String
        switch value {
        case .integer: kind = "an integer"
        case .float: kind = "a number"
        case .bool: kind = "a boolean"
        default: return nil
        }
        let shown = value?.readable ?? ""
        return shown == text ? shown : "\(shown) (\(kind); for the text write \(key)='\"\(text)\"')"
    }

    /// What became of the key in a definition.
    func outcome(_ before: Value, _ after: Value) -> String {
        guard let value else { return before[key] == nil ? "\(key) was not set here" : "removed \(key)" }
        if before[key] == after[key] { return "\(key) was so already" }
        if value == [:], before[key]?.map != nil { return "emptied \(key)" }
        return "set \(key)\(note.map { " to \($0)" } ?? "")"
    }

    init(removing key: String) throws(Failure) {
        self.init(try Assignment.key(key), nil)
    }

    init(_ text: String) throws(Failure) {
        guard let sign = Assignment.sign(in: text) else {
            guard text.hasSuffix("-") else {
                throw Failure(
                    "\"\(text)\": expected KEY=VALUE to set a key, or KEY- to remove it", status: Failure.usage)
            }
            try self.init(removing: String(text.dropLast()))
            return
        }
        let value = String(text[text.index(after: sign)...])
        self.init(try Assignment.key(String(text[..<sign])), try Assignment.value(value, of: text), value)
    }

    /// The merge patch (RFC 7396) that makes all the changes.
    static func patch(_ assignments: [Assignment]) throws(Failure) -> Map {
        var patch: Map = [:]
        for assignment in assignments {
            try insert(assignment.value ?? .null, assignment.key.keys[...], assignment.key, &patch)
        }
        return patch
    }

    private static func insert(
        _ value: Value, _ keys: ArraySlice<Key>, _ whole: DottedPath, _ map: inout Map
    ) throws(Failure) {
        guard let key = keys.first else { return }
        guard keys.count > 1 else {
            guard map[key] == nil else {
                throw Failure("\(whole) is given twice, or within another key", status: Failure.usage)
            }
            map[key] = value
            return
        }
        guard var inner = map[key] == nil ? [:] : map[key]?.map else {
            throw Failure("\(whole) stands within another key that is given", status: Failure.usage)
        }
        try insert(value, keys.dropFirst(), whole, &inner)
        map[key] = .map(inner)
    }

    /// Where the key ends: the first equals sign outside quotes.
    private static func sign(in text: String) -> String.Index? {
        var isQuoted = false
        var isEscaped = false
        for (index, character) in zip(text.indices, text) {
            if isEscaped {
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == "=", !isQuoted {
                return index
            }
        }
        return nil
    }

    private static func key(_ text: String) throws(Failure) -> DottedPath {
        do {
            return try DottedPath(text)
        } catch {
            throw Failure("\(error)", status: Failure.usage)
        }
    }

    /// A number, a boolean, or a list, map or quoted string of YAML; anything else is the text itself, so that what
    /// only looks like YAML (`a: b`, `*.lab`, `%{os}`) needs no quotes.
    private static func value(_ text: String, of assignment: String) throws(Failure) -> Value {
        // What Jinja brackets is no map of YAML.
        let isStructured =
            text.first.map { "[{\"'".contains($0) } ?? false && !text.hasPrefix("{{") && !text.hasPrefix("{%")
        let value: Value
        do {
            value = try YAML.decode(Array(text.utf8))
        } catch {
            guard isStructured else { return .string(text) }
            throw Failure(
                "\(assignment): column \(error.column) of the value: \(error.message)",
                hint: "a text that begins so is quoted twice, once for the shell: KEY='\"…\"'", status: Failure.usage)
        }
        guard !text.isEmpty else { return "" }
        switch value {
        case .string, .list, .map:
            guard isStructured else { return .string(text) }
        case .null, .bool, .integer, .float:
            // Not what is one only behind a comment, an anchor, a tag or a line that begins a document.
            guard text.allSatisfy({ $0.isLetter || $0.isNumber || "+-.~_".contains($0) }), text != "---" else {
                return .string(text)
            }
        }
        guard !holdsNull(value) else {
            throw Failure(
                "\(assignment): a patch can set no null", hint: "KEY- removes a key; apply can write a null",
                status: Failure.usage)
        }
        return value
    }

    /// Whether a patch would take a part of the value for a removal.
    private static func holdsNull(_ value: Value) -> Bool {
        switch value {
        case .null: true
        case .map(let map): map.values.contains(where: holdsNull)
        default: false
        }
    }
}

extension Map {
    /// This merge patch (RFC 7396), which also empties the maps of a definition for which it says `{}`: that alone would
    /// be merged into them and change nothing.
    func emptying(_ definition: Map) -> Map {
        var patch = self
        for (key, value) in self {
            guard let inner = value.map, let found = definition[key]?.map else { continue }
            patch[key] = .map(inner.isEmpty ? found.mapValues { _ in .null } : inner.emptying(found))
        }
        return patch
    }
}
