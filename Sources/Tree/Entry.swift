public import OrderedCollections

/// What a path names.
public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Holds entries and has a common definition.
    case folder
    /// Describes a machine.
    case vm
}

/// An entry as the tree holds it.
public struct Entry: Sendable {
    /// Stays with the entry when it moves; a copy gets its own.
    public let id: EntryID
    public let kind: Kind
    /// What was written here: a folder's common or a descriptor's local definition.
    public let layer: Layer

    public var path: Path { layer.source.path }
    public var definition: Map { layer.definition }
    public var revision: Int { layer.revision }

    public init(id: EntryID = .random(), kind: Kind, path: Path, definition: Map = [:], revision: Int) {
        self.id = id
        self.kind = kind
        layer = Layer(source: Source(path: path, kind: kind), definition: definition, revision: revision)
    }
}

/// A random UUID (RFC 9562 §5.4): names an entry for ever, and its machine on a hypervisor.
public struct EntryID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    public static func random() -> EntryID {
        var generator = SystemRandomNumberGenerator()
        return .random(using: &generator)
    }

    public static func random(using generator: inout some RandomNumberGenerator) -> EntryID {
        EntryID(
            high: UInt64.random(in: 0 ... .max, using: &generator) & ~0xF000 | 0x4000,
            low: UInt64.random(in: 0 ... .max, using: &generator) & ~(0b11 << 62) | (0b10 << 62))
    }

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the 36 characters of a UUID's text form; nil if it is none.
    public init?(_ text: String) {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        guard groups.map(\.utf8.count) == [8, 4, 4, 4, 12],
            text.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit || $0 == UInt8(ascii: "-") }),
            let high = UInt64(groups[0...2].joined(), radix: 16),
            let low = UInt64(groups[3...4].joined(), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}

extension EntryID: CustomStringConvertible {
    /// The text form of RFC 9562 §4, in lower case.
    public var description: String {
        let digits = Self.hex(high) + Self.hex(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
