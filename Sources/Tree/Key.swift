public import OrderedCollections

/// A key of a map, told apart from others by its bytes.
///
/// A type of its own, because the keys of a definition are compared and hashed everywhere, and strings are compared as
/// Unicode sees them: a map with strings as keys takes "é" in its two forms for one key.
public struct Key: Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var utf8: String.UTF8View { text.utf8 }

    /// Whether it begins with the bytes of a text.
    public func hasPrefix(_ prefix: String) -> Bool { prefix.isPrefix(of: text) }
}

extension Key: Hashable {
    public static func == (left: Key, right: Key) -> Bool { left.text.hasBytes(of: right.text) }
    public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

/// Keys sort by their bytes.
extension Key: Comparable {
    public static func < (left: Key, right: Key) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
}

extension Key: CustomStringConvertible {
    public var description: String { text }
}

extension Key: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) { self.init(text) }
}

extension OrderedDictionary where Key == Tree.Key {
    /// The value of the key that is written so.
    public subscript(text: String) -> Value? {
        get { self[Tree.Key(text)] }
        set { self[Tree.Key(text)] = newValue }
    }
}
