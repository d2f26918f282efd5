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
    /// What was written here: a folder's common or a descriptor's local definition.
    public let layer: Layer

    public var kind: Kind { layer.source.isCommon ? .folder : .vm }
    public var path: Path { layer.source.path }
    /// Unpacked each time, as ``Layer/definition`` is.
    public var definition: Map { layer.definition }
    public var revision: Int { layer.revision }

    public init(id: EntryID = .random(), kind: Kind, path: Path, definition: Map = [:], revision: Int) {
        self.id = id
        layer = Layer(source: Source(path: path, kind: kind), definition: definition, revision: revision)
    }

    /// This entry under another identity.
    public func identified(as id: EntryID) -> Entry { Entry(id: id, layer: layer) }

    private init(id: EntryID, layer: Layer) {
        self.id = id
        self.layer = layer
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
        guard text.utf8.count == 36 else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for (index, byte) in text.utf8.enumerated() {
            if EntryID.isHyphen(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard let digit = EntryID.digit(byte) else { return nil }
                words.high = words.high << 4 | words.low >> 60
                words.low = words.low << 4 | digit
            }
        }
        self.init(high: words.high, low: words.low)
    }

    /// The value of a hexadecimal digit.
    private static func digit(_ byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Whether a hyphen stands at an index of the text form.
    private static func isHyphen(_ index: Int) -> Bool {
        switch index {
        case 8, 13, 18, 23: true
        default: false
        }
    }
}

extension EntryID: CustomStringConvertible {
    /// The text form of RFC 9562 §4, in lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { text in
            var (high, low) = (high, low)
            for index in 0..<36 {
                guard !EntryID.isHyphen(index) else {
                    text[index] = UInt8(ascii: "-")
                    continue
                }
                let digit = UInt8(high >> 60)
                text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                high = high << 4 | low >> 60
                low <<= 4
            }
            return 36
        }
    }
}
