import OrderedCollections

/// Holds a definition against its shape and collects what is wrong.
struct Inspection {
    /// Whether the definition is one layer, in which a reference may stand for any value: what it leads to is checked in
    /// the computed definition.
    let isLayer: Bool
    private(set) var problems: [Problem] = []
    /// Where the value under inspection stands.
    private var place = DottedPath()

    init(isLayer: Bool) {
        self.isLayer = isLayer
    }

    mutating func check(_ value: Value, _ shape: Shape) {
        switch (shape, value) {
        case (.forbidden(let reason), _):
            report(reason)
        case (.literal(let shape), .string(let text)) where isLayer && Reference.isHeld(by: text):
            report("a reference cannot stand here, where it would not be resolved; expected \(shape.expected)")
        case (.literal(let shape), _):
            check(value, shape)
        case (_, .string(let text)) where isLayer && Reference.isHeld(by: text):
            checkReferences(in: text)
        case (.anything, .map(let map)):
            for (key, value) in map { check(value, atFreeKey: key, .anything) }
        case (.anything, .list(let elements)):
            check(elements, .anything)
        case (.anything, _), (.text, .string), (.boolean, .bool):
            break
        case (.integer(let range), .integer(let number)) where range.contains(number):
            break
        case (.form(_, let test), .string(let text)) where test(text):
            break
        case (.judged(_, let fault), .string(let text)):
            if let fault = fault(text) { report(fault) }
        case (.value(_, let test), _) where test(value):
            break
        case (.choice(let words), .string(let text)) where words.contains(text):
            break
        case (.list(let shape), .list(let elements)):
            check(elements, shape)
        case (.map(let name, let test, let shape), .map(let map)):
            for (key, value) in map {
                check(
                    value, at: key,
                    test(key.text) ? shape : .forbidden("expected the key to be \(name), found \"\(key)\""))
            }
        case (.record(let fields), .map(let map)):
            let isTop = place.keys.isEmpty
            for (key, value) in map {
                check(
                    value, at: key,
                    fields[key] ?? .forbidden(Shape.unknown(key, among: fields.keys.sorted(), isTop: isTop)))
            }
        case (.openRecord(let fields, let others), .map(let map)):
            for (key, value) in map { check(value, atFreeKey: key, fields[key] ?? others(key)) }
        case (.either(let one, let other), _):
            check(value, one, or: other)
        case (.record, .null), (.openRecord, .null), (.map, .null):
            report(
                "expected a map, found null; leave the key out, write {} for an empty map, or take away what is inherited "
                    + "with unset: [\(place)]")
        default:
            report("expected \(shape.expected), found \(value.summary)")
        }
    }

    private mutating func check(_ value: Value, at key: Key, _ shape: Shape) {
        place.keys.append(key)
        check(value, shape)
        place.keys.removeLast()
    }

    private mutating func check(_ elements: [Value], _ shape: Shape) {
        for (index, element) in elements.enumerated() { check(element, at: "\(index)", shape) }
    }

    /// Keys that a tool's loader does not take for a key are refused in free space too. A key of few bytes is not
    /// counted: none of them takes more than six characters.
    private mutating func check(_ value: Value, atFreeKey key: Key, _ shape: Shape) {
        if key == "<<" {
            let reason = "\"<<\" is a merge key to the tools' YAML loaders; expected another name, or a prototype"
            check(value, at: key, .forbidden(reason))
        } else if key.utf8.contains(0) {
            check(value, at: key, .forbidden("a key with the character NUL; expected one without"))
        } else if key.utf8.count > Schema.longestKey / 8, key.text.lengthAsWritten > Schema.longestKey {
            let reason =
                "a key of \(key.text.lengthAsWritten) characters, quotes and escapes included; expected at most \(Schema.longestKey)"
            check(value, at: "\(key.text.prefix(20))…", .forbidden(reason))
        } else {
            check(value, at: key, shape)
        }
    }

    /// Of two shapes the one whose kind the value has tells what is wrong within.
    private mutating func check(_ value: Value, _ one: Shape, or other: Shape) {
        let known = problems.count
        for shape in [one, other] {
            check(value, shape)
            let found = problems[known...]
            if found.isEmpty || found.contains(where: { $0.key != place }) { return }
            problems.removeSubrange(known...)
        }
        report("expected \(one.expected), or \(other.expected), found \(value.summary)")
    }

    /// What references lead to is known later, how they are written is known now.
    private mutating func checkReferences(in text: String) {
        do {
            _ = try Reference.parts(of: text)
        } catch {
            report(error.message)
        }
    }

    private mutating func report(_ message: String) {
        problems.append(Problem(key: place, message))
    }
}

extension String {
    /// How many characters the string takes in JSON.
    fileprivate var lengthAsWritten: Int {
        unicodeScalars.reduce(2) { length, scalar in
            switch scalar {
            case "\"", "\\": length + 2
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FFFE}", "\u{FFFF}": length + 6
            default: length + 1
            }
        }
    }
}
