/// A definition as bytes: CBOR (RFC 8949), of which it holds whole numbers, floats of 64 bits, texts, lists, maps and
/// the simple values. The keys that the schema knows at the top level are written as numbers.
///
/// The definitions of all machines are held in memory for good, and each is looked into now and then: unpacked it takes
/// three to four times the bytes, and to unpack it takes a microsecond. The bytes never leave the process.
struct Packed: Hashable, Sendable {
    private let bytes: [UInt8]

    init(_ map: Map) {
        var packer = Packer()
        packer.append(map)
        // An array that grew has room left over; this one has none.
        bytes = packer.bytes.withUnsafeBufferPointer { Array($0) }
    }

    /// How many bytes it takes.
    var count: Int { bytes.count }

    /// The definition, unpacked.
    var map: Map {
        read { unpacker in unpacker.map() }
    }

    /// The value of one key of the definition, and nothing else unpacked.
    subscript(key: Key) -> Value? {
        read { unpacker in unpacker.value(of: key) }
    }

    /// Whether a text or a key holds what begins a reference.
    var holdsReference: Bool {
        bytes.withUnsafeBufferPointer { Reference.isHeld(by: $0) }
    }

    private func read<Result>(_ body: (inout Unpacker) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { buffer in
            var unpacker = Unpacker(buffer)
            return body(&unpacker)
        }
    }
}

/// The major types of CBOR that values have (RFC 8949 §3.1).
enum PackedKind: UInt8 {
    case positive = 0
    case negative = 1
    case text = 3
    case list = 4
    case map = 5
    /// False, true, null, and floats: told apart by the argument.
    case simple = 7
}

/// The arguments of ``PackedKind/simple`` (RFC 8949 §3.3).
enum PackedSimple {
    static let no: UInt8 = 20
    static let yes: UInt8 = 21
    static let null: UInt8 = 22
    static let float: UInt8 = 27
}
