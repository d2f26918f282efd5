import OrderedCollections

/// Writes values as CBOR.
struct Packer {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(512)
    }

    mutating func append(_ map: Map) {
        append(.map, UInt64(map.count))
        for (key, value) in map {
            if let number = PackedKey.numbers[key] { append(.positive, UInt64(number)) } else { append(key.text) }
            append(value)
        }
    }

    private mutating func append(_ value: Value) {
        switch value {
        case .null: append(simple: PackedSimple.null)
        case .bool(let truth): append(simple: truth ? PackedSimple.yes : PackedSimple.no)
        case .integer(let number):
            let bits = UInt64(bitPattern: Int64(number))
            append(number < 0 ? .negative : .positive, number < 0 ? ~bits : bits)
        case .float(let number):
            append(simple: PackedSimple.float)
            append(number.bitPattern, bytes: 8)
        case .string(let text): append(text)
        case .list(let list):
            append(.list, UInt64(list.count))
            for element in list { append(element) }
        case .map(let map): append(map)
        }
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(.text, UInt64(utf8.count))
            bytes.append(contentsOf: utf8)
        }
    }

    private mutating func append(simple argument: UInt8) {
        bytes.append(PackedKind.simple.rawValue << 5 | argument)
    }

    /// A head: a kind and its argument, in the fewest bytes (RFC 8949 §4.2.1).
    private mutating func append(_ kind: PackedKind, _ argument: UInt64) {
        let (info, count): (UInt8, Int) =
            switch argument {
            case ..<24: (UInt8(argument), 0)
            case ...0xFF: (24, 1)
            case ...0xFFFF: (25, 2)
            case ...0xFFFF_FFFF: (26, 4)
            default: (27, 8)
            }
        bytes.append(kind.rawValue << 5 | info)
        append(argument, bytes: count)
    }

    /// The lower bytes of a number, the highest first.
    private mutating func append(_ number: UInt64, bytes count: Int) {
        for index in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(index * 8))) }
    }
}
