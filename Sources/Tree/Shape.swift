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
    /// A string of which the test tells what is wrong with it, if anything is; and what it is called, with an example.
    case judged(String, @Sendable (String) -> String?)
    /// A value of a form of its own: the name of the form with an example, and the test.
    case value(String, @Sendable (Value) -> Bool)
    case choice([String])
    case list(of: Shape)
    /// A map with free keys, each of a form: what the keys are called, with an example, and the test.
    case map(keys: String, @Sendable (String) -> Bool, of: Shape)
    /// A map with known keys.
    case record([Key: Shape])
    /// A map with known keys whose other keys are all of one shape.
    case openRecord([Key: Shape], others: @Sendable (Key) -> Shape)
    case either(Shape, Shape)
    /// What is read before references are resolved, so that none may stand for it.
    case literal(Shape)
    /// Nothing may stand here; the text says why and what to do.
    case forbidden(String)

    /// What is expected, as messages say it.
    var expected: String {
        switch self {
        case .anything: "any value"
        case .text: "a string"
        case .boolean: "true or false"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .form(let name, _), .judged(let name, _), .value(let name, _): name
        case .choice(let words): words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        case .list(let shape): "a list of which each element is \(shape.expected)"
        case .map, .record, .openRecord: "a map"
        case .either(let one, let other): "\(one.expected), or \(other.expected)"
        case .literal(let shape): shape.expected
        case .forbidden(let reason): reason
        }
    }

    /// What to say of a key that is not known.
    /// - Parameter isTop: whether it stands at the top of a definition, where names of one's own are common mistakes.
    static func unknown(_ key: Key, among known: [Key], isTop: Bool = false) -> String {
        let nearest = Spelling.nearest(to: key, among: known)
        let others =
            isTop
            ? "names of your own go under vars" : "expected one of \(known.map(\.text).joined(separator: ", "))"
        return "unknown key \"\(key)\"; \(nearest.map { "did you mean \"\($0)\"?" } ?? others)"
    }
}
