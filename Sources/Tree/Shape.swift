import OrderedCollections

/// What a value of a definition may be.
indirect enum Shape: Sendable {
    /// Free space.
    case anything
    case text
    case boolean
    case integer(ClosedRange<Int>)
    /// A string of a form: the name of the form with an example, and the test.
    case form(String, @Sendable (String) -> Bool)
    /// A value of a form of its own: the name of the form with an example, and the test.
    case value(String, @Sendable (Value) -> Bool)
    case choice([String])
    case list(of: Shape)
    /// A map with free keys, each of a form: what the keys are called, with an example, and the test.
    case map(keys: String, @Sendable (String) -> Bool, of: Shape)
    /// A map with known keys.
    case record([String: Shape])
    /// A map with known keys whose other keys are all of one shape.
    case openRecord([String: Shape], others: @Sendable (String) -> Shape)
    case either(Shape, Shape)
    /// Nothing may stand here; the text says why and what to do.
    case forbidden(String)

    /// What is expected, as messages say it.
    var expected: String {
        switch self {
        case .anything: "any value"
        case .text: "a string"
        case .boolean: "true or false"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .form(let name, _), .value(let name, _): name
        case .choice(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        case .list(let shape): "a list of which each element is \(shape.expected)"
        case .map, .record, .openRecord: "a map"
        case .either(let one, let other): "\(one.expected), or \(other.expected)"
        case .forbidden(let reason): reason
        }
    }
}

extension Shape {
    /// Adds to `problems` what is wrong with `value`, which stands at `key`.
    ///
    /// While `isLayer`, a string that holds a reference may stand for any scalar: its value is checked when it is known.
    func check(_ value: Value, at key: DottedPath, isLayer: Bool, _ problems: inout [Problem]) {
        if isLayer, case .string(let text) = value, Reference.isHeld(by: text) { return }
        switch (self, value) {
        case (.forbidden(let reason), _):
            problems.append(Problem(key: key, reason))
        case (.anything, _):
            Shape.checkFreeKeys(value, at: key, &problems)
        case (.text, .string), (.boolean, .bool):
            break
        case (.integer(let range), .integer(let number)) where range.contains(number):
            break
        case (.form(_, let test), .string(let text)) where test(text):
            break
        case (.value(_, let test), _) where test(value):
            break
        case (.choice(let words), .string(let text)) where words.contains(text):
            break
        case (.list(let shape), .list(let elements)):
            for (index, element) in elements.enumerated() {
                shape.check(element, at: key + String(index), isLayer: isLayer, &problems)
            }
        case (.map(let name, let test, let shape), .map(let map)):
            for (inner, value) in map {
                guard test(inner) else {
                    problems.append(Problem(key: key + inner, "expected the key to be \(name), found \"\(inner)\""))
                    continue
                }
                shape.check(value, at: key + inner, isLayer: isLayer, &problems)
            }
        case (.record(let fields), .map(let map)):
            for (inner, value) in map {
                guard let shape = fields[inner] else {
                    problems.append(Problem(key: key + inner, Shape.unknown(inner, among: fields.keys.sorted())))
                    continue
                }
                shape.check(value, at: key + inner, isLayer: isLayer, &problems)
            }
        case (.openRecord(let fields, let others), .map(let map)):
            for (inner, value) in map {
                Shape.checkFreeKey(inner, in: key, &problems)
                (fields[inner] ?? others(inner)).check(value, at: key + inner, isLayer: isLayer, &problems)
            }
        case (.either(let one, let other), _):
            checkEither(one, other, value, at: key, isLayer: isLayer, &problems)
        default:
            problems.append(Problem(key: key, "expected \(expected), found \(value.summary)"))
        }
    }

    /// Of two shapes the one that the value's kind points at tells what is wrong.
    private func checkEither(
        _ one: Shape, _ other: Shape, _ value: Value, at key: DottedPath, isLayer: Bool, _ problems: inout [Problem]
    ) {
        for shape in [one, other] {
            var found: [Problem] = []
            shape.check(value, at: key, isLayer: isLayer, &found)
            if found.isEmpty { return }
            if found.contains(where: { $0.key != key }) {
                problems += found
                return
            }
        }
        problems.append(Problem(key: key, "expected \(expected), found \(value.summary)"))
    }

    /// Keys that a tool's loader does not take for a key are refused in free space too.
    private static func checkFreeKey(_ inner: String, in key: DottedPath, _ problems: inout [Problem]) {
        if inner == "<<" {
            let message = "\"<<\" is a merge key to the tools' YAML loaders; expected another name, or a prototype"
            problems.append(Problem(key: key + inner, message))
        } else if inner.utf8.count > Schema.longestKey {
            let message = "a key of \(inner.utf8.count) bytes; expected at most \(Schema.longestKey)"
            problems.append(Problem(key: key + (inner.prefix(20) + "…"), message))
        }
    }

    private static func checkFreeKeys(_ value: Value, at key: DottedPath, _ problems: inout [Problem]) {
        switch value {
        case .map(let map):
            for (inner, value) in map {
                checkFreeKey(inner, in: key, &problems)
                checkFreeKeys(value, at: key + inner, &problems)
            }
        case .list(let elements):
            for (index, element) in elements.enumerated() { checkFreeKeys(element, at: key + String(index), &problems) }
        case .null, .bool, .integer, .float, .string:
            break
        }
    }

    /// What to say of a key that is not known.
    static func unknown(_ key: String, among known: [String]) -> String {
        let nearest = Spelling.nearest(to: key, among: known)
        let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "expected one of \(known.joined(separator: ", "))"
        return "unknown key \"\(key)\"; \(hint)"
    }
}

extension Value {
    /// The kind with the value itself where that is short: `the string "2 potatoes"`, `a list`.
    public var summary: String {
        switch self {
        case .null: "null"
        case .bool(let truth): "\(truth)"
        case .integer(let number): "the integer \(number)"
        case .float(let number): "the float \(number)"
        case .string(let text): "the string \"\(text.count > 40 ? text.prefix(40) + "…" : text)\""
        case .list, .map: kind
        }
    }
}
