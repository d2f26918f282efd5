import OrderedCollections
import Tree

/// Takes typed values from a computed definition, and keeps what is wrong with those that it cannot take.
struct DefinitionReader {
    let path: Path
    let definition: Map
    private(set) var problems: [Problem] = []

    init(path: Path, definition: Map) {
        self.path = path
        self.definition = definition
    }

    mutating func problem(_ key: DottedPath, _ message: String) {
        problems.append(Problem(path: path, key: key, message))
    }

    /// The value at `key`; nil where there is none, or `null`.
    mutating func value(_ key: DottedPath) -> Value? {
        var value = Value.map(definition)
        for (index, name) in key.keys.enumerated() {
            guard case .map(let map) = value else {
                mismatch(DottedPath(keys: Array(key.keys.prefix(index))), "a map", value)
                return nil
            }
            guard let inner = map[name], inner != .null else { return nil }
            value = inner
        }
        return value
    }

    mutating func text(_ key: DottedPath) -> String? {
        take(key, "a string", \.string)
    }

    mutating func size(_ key: DottedPath) -> Size? {
        take(key, "a size such as 10GiB, or a number of bytes") { Size($0) }
    }

    mutating func integer(_ key: DottedPath, in range: ClosedRange<Int>) -> Int? {
        take(key, "an integer from \(range.lowerBound) to \(range.upperBound)") { value in
            value.integer.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func number(_ key: DottedPath, in range: ClosedRange<Double>) -> Double? {
        take(key, "a number from \(range.lowerBound) to \(range.upperBound)") { value in
            let number: Double? =
                switch value {
                case .integer(let number): Double(number)
                case .float(let number): number
                case .null, .bool, .string, .list, .map: nil
                }
            return number.flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: DottedPath, _ type: Choice.Type
    ) -> Choice? {
        take(key, Self.words(type)) { $0.string.flatMap(Choice.init(rawValue:)) }
    }

    mutating func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: DottedPath, _ type: Choice.Type
    ) -> [Choice]? {
        guard let elements = take(key, "a list", \.list) else { return nil }
        var choices: [Choice] = []
        for (index, element) in elements.enumerated() {
            guard let choice = element.string.flatMap(Choice.init(rawValue:)) else {
                mismatch(key + "\(index)", Self.words(type), element)
                continue
            }
            choices.append(choice)
        }
        return choices
    }

    /// The names of the things in the map at `key`, in order; those that are `null` are left out.
    mutating func names(_ key: DottedPath) -> [String] {
        let map = take(key, "a map", \.map) ?? [:]
        var names: [String] = []
        for (name, value) in map where value != .null {
            guard value.map != nil else {
                mismatch(key + name, "a map", value)
                continue
            }
            names.append(name.text)
        }
        return names
    }

    /// Which thing of the map at `supply` is meant at `key`: the one that is named there, else the one called `default`,
    /// else the only one.
    mutating func choose(_ what: String, at key: DottedPath, from supply: Key) -> String? {
        guard value(key) == nil else { return named(what, at: key, from: supply) }
        let names = names([supply])
        if names.contains("default") { return "default" }
        if names.count == 1 { return names.first }
        problem(key, "expected the name of one of the \(supply); \(Self.list(names))")
        return nil
    }

    /// The name at `key` of a thing of the map at `supply`; nil where nothing is named or there is no such thing.
    mutating func named(_ what: String, at key: DottedPath, from supply: Key) -> String? {
        guard let name = text(key) else { return nil }
        let names = names([supply])
        guard names.contains(name) else {
            problem(key, "no \(what) is named \"\(name)\" here; \(Self.list(names))")
            return nil
        }
        return name
    }

    private static func list(_ names: [String]) -> String {
        switch names.count {
        case 0: "there are none"
        case 1: "there is \(names[0])"
        default: "there are \(names.sorted().joined(separator: ", "))"
        }
    }

    private static func words<Choice: RawRepresentable<String> & CaseIterable>(_ type: Choice.Type) -> String {
        let words = type.allCases.map(\.rawValue)
        return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }

    private mutating func take<Taken>(_ key: DottedPath, _ expected: String, _ read: (Value) -> Taken?) -> Taken? {
        guard let value = value(key) else { return nil }
        guard let taken = read(value) else {
            mismatch(key, expected, value)
            return nil
        }
        return taken
    }

    private mutating func mismatch(_ key: DottedPath, _ expected: String, _ value: Value) {
        problem(key, "expected \(expected), found \(value.summary)")
    }
}
