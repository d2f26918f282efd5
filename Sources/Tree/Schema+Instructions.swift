import OrderedCollections

extension Schema {
    /// Why `merge` and `unset` cannot name a key; nil if they can. An instruction about a key that no computed definition
    /// holds would be taken and have no effect.
    ///
    /// - Parameter text: a dotted path.
    static func refusal(naming text: String) -> String? {
        guard let path = try? DottedPath(text), let name = path.keys.first else { return nil }
        switch classes[name] {
        case .cascade, .policy: return directing(name)
        case .supply where name == "prototypes": return directing(name)
        case .creation, .runtime, .data, .supply, nil: return computedFields.refusal(naming: path.keys[...])
        }
    }

    private static func directing(_ name: Key) -> String {
        let known = classes.filter { $0.value != .cascade && $0.value != .policy && $0.key != "prototypes" }
        let names = known.keys.sorted().map(\.text).joined(separator: ", ")
        return "\"\(name)\" is read before levels are fused, so that it cannot be named here; expected one of \(names)"
    }
}

extension Shape {
    /// Why no value of this shape has anything at a key; nil if one may.
    ///
    /// - Parameter place: where the value stands.
    fileprivate func refusal(naming keys: ArraySlice<Key>, at place: DottedPath = []) -> String? {
        if case .forbidden(let reason) = self { return reason }
        guard let key = keys.first else { return nil }
        let (rest, inner) = (keys.dropFirst(), place + key)
        switch self {
        case .anything, .forbidden:
            return nil
        case .literal(let shape):
            return shape.refusal(naming: keys, at: place)
        case .either(let one, let other):
            return one.refusal(naming: keys, at: place) == nil ? nil : other.refusal(naming: keys, at: place)
        case .map(let name, let test, let shape):
            guard test(key.text) else { return "expected what follows \(place) to be \(name), found \"\(key)\"" }
            return shape.refusal(naming: rest, at: inner)
        case .record(let fields):
            guard let shape = fields[key] else {
                let refusal = Shape.unknown(key, among: fields.keys.sorted())
                return place.keys.isEmpty ? refusal : "in \(place), \(refusal)"
            }
            return shape.refusal(naming: rest, at: inner)
        case .openRecord(let fields, let others):
            return (fields[key] ?? others(key)).refusal(naming: rest, at: inner)
        case .text, .boolean, .integer, .form, .judged, .value, .choice, .list:
            return "\(place) is \(expected), and has no \(key) that could be named"
        }
    }
}
