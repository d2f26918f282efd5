import Formats
import OrderedCollections
import Tree

/// One change of a definition, as it is written on a command line: `vars.role=web`, or `vars.role-` to remove it.
struct Assignment: Hashable {
    let key: DottedPath
    /// Nil removes the key.
    let value: Value?

    private init(_ key: DottedPath, _ value: Value?) {
        self.key = key
        self.value = value
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
        self.init(try Assignment.key(String(text[..<sign])), try Assignment.value(value, of: text))
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
        let isStructured = text.first.map { "[{\"'".contains($0) } ?? false
        let value: Value
        do {
            value = try YAML.decode(Array(text.utf8))
        } catch {
            guard isStructured else { return .string(text) }
            throw Failure("\(assignment): column \(error.column) of the value: \(error.message)", status: Failure.usage)
        }
        guard !text.isEmpty else { return "" }
        switch value {
        case .string, .list, .map:
            guard isStructured else { return .string(text) }
        case .null, .bool, .integer, .float:
            break
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
