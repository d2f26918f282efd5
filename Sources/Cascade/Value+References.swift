import OrderedCollections
public import Tree

/// What resolving references asks of a value.
extension Value {
    /// Whether a string in it holds a reference.
    var holdsReference: Bool {
        switch self {
        case .string(let text): Reference.isHeld(by: text)
        case .list(let elements): elements.contains { $0.holdsReference }
        case .map(let map): map.values.contains { $0.holdsReference }
        case .null, .bool, .integer, .float: false
        }
    }

    /// What the references in it lead to; those that cannot be read lead nowhere.
    public var targets: [DottedPath] { Template(self)?.targets ?? [] }

    /// The text that stands for a scalar within text.
    var insertable: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .float(let number): String(number)
        case .bool(let truth): String(truth)
        case .null, .list, .map: nil
        }
    }

    /// About how many bytes the value takes.
    var weight: Int {
        switch self {
        case .null, .bool, .integer, .float: 8
        case .string(let text): 8 + text.utf8.count
        case .list(let elements): elements.reduce(8) { $0 + $1.weight }
        case .map(let map): map.reduce(8) { $0 + $1.key.text.utf8.count + $1.value.weight }
        }
    }

    /// How many lists and maps stand within each other.
    var depth: Int {
        switch self {
        case .null, .bool, .integer, .float, .string: 0
        case .list(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .map(let map): 1 + (map.values.lazy.map(\.depth).max() ?? 0)
        }
    }

    /// The value of a map's key, or of a list's element by its index, counted from 0.
    subscript(key: Key) -> Value? {
        switch self {
        case .map(let map):
            return map[key]
        case .list(let elements):
            guard let index = Int(key.text), elements.indices.contains(index) else { return nil }
            return elements[index]
        case .null, .bool, .integer, .float, .string:
            return nil
        }
    }

    /// Says that a map, which stands at `place`, has nothing at `key`.
    ///
    /// - Parameter known: the keys that may have been meant.
    static func lacks(_ key: Key, at place: DottedPath, known: OrderedSet<Key>) -> String {
        let hint = Spelling.nearest(to: key, among: known).map { "; did you mean \(place + $0)?" } ?? ""
        return "this machine has no \(place + key)\(hint)"
    }

    /// Says that this value, which stands at `place`, has nothing at `key`.
    func lacks(_ key: Key, at place: DottedPath, known: OrderedSet<Key>) -> String {
        switch self {
        case .map:
            return Value.lacks(key, at: place, known: known)
        case .list(let elements):
            return "\(place) has no element \(key), but \(elements.count), counted from 0"
        case .null, .bool, .integer, .float, .string:
            return "\(place) is \(kind), not a map"
        }
    }
}

extension [Value] {
    /// The elements without repeats; the first of each stays.
    var withoutRepeats: [Value] {
        var seen: Set<Value> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Path {
    /// What a machine's path alone tells of `self`; nil for any other key.
    func builtIn(_ key: DottedPath) -> Value? {
        guard key.keys.count == 2, key.keys[0] == "self" else { return nil }
        return switch key.keys[1] {
        case "name": .string(name)
        case "path": .string(description)
        case "folder": .string((parent ?? .root).description)
        default: nil
        }
    }
}
