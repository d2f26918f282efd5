public import OrderedCollections

/// A value of a definition: what JSON and the safe subset of YAML 1.2 can both say.
///
/// Integers and floats are kinds of their own, so that `1` and `1.0` stay what they were. Floats are finite. Values are
/// equal if they are written with the same bytes: see ``Value/==(_:_:)``.
public enum Value: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    case list([Value])
    case map(Map)
}

/// A map whose keys keep the order in which they were written.
public typealias Map = OrderedDictionary<Key, Value>

extension Value {
    /// The name of the value's kind, as messages say it: "a string", "an integer".
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .float: "a float"
        case .string: "a string"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// The text of a string; nil for any other kind.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The entries of a map; nil for any other kind.
    public var map: Map? {
        if case .map(let map) = self { map } else { nil }
    }

    /// The elements of a list; nil for any other kind.
    public var list: [Value]? {
        if case .list(let list) = self { list } else { nil }
    }

    /// The number of an integer; nil for any other kind.
    public var integer: Int? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth of a boolean; nil for any other kind.
    public var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int) { self = .integer(number) }
    public init(floatLiteral number: Double) { self = .float(number) }
    public init(booleanLiteral truth: Bool) { self = .bool(truth) }
    public init(arrayLiteral elements: Value...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (Key, Value)...) { self = .map(Map(uniqueKeysWithValues: elements)) }
}
