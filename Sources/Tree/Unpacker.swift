import OrderedCollections

/// Reads the CBOR that ``Packer`` wrote.
struct Unpacker {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The map that begins here.
    mutating func map() -> Map {
        map(of: head().argument)
    }

    /// The value of a key of the map that begins here; nil if it has none.
    mutating func value(of key: Key) -> Value? {
        for _ in 0..<head().argument {
            if self.key() == key { return value() }
            pass()
        }
        return nil
    }

    private mutating func value() -> Value {
        let head = head()
        switch head.kind {
        case .positive: return .integer(head.argument)
        case .negative: return .integer(~head.argument)
        case .text: return .string(String(decoding: take(head.argument), as: UTF8.self))
        case .list:
            var list: [Value] = []
            list.reserveCapacity(head.argument)
            for _ in 0..<head.argument { list.append(value()) }
            return .list(list)
        case .map: return .map(map(of: head.argument))
        case .simple: return simple(head)
        }
    }

    private mutating func map(of count: Int) -> Map {
        var keys: ContiguousArray<Key> = []
        var values: ContiguousArray<Value> = []
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
        for _ in 0..<count {
            keys.append(key())
            values.append(value())
        }
        return Map(uncheckedUniqueKeys: keys, values: values)
    }

    /// Goes past the value that begins here.
    private mutating func pass() {
        let head = head()
        switch head.kind {
        case .positive, .negative, .simple: break
        case .text: position += head.argument
        case .list: for _ in 0..<head.argument { pass() }
        case .map: for _ in 0..<head.argument * 2 { pass() }
        }
    }

    private mutating func key() -> Key {
        let head = head()
        switch head.kind {
        case .positive: return PackedKey.names[head.argument]
        default: return Key(String(decoding: take(head.argument), as: UTF8.self))
        }
    }

    private func simple(_ head: Head) -> Value {
        switch head.info {
        case PackedSimple.float: .float(Double(bitPattern: UInt64(bitPattern: Int64(head.argument))))
        case PackedSimple.no: false
        case PackedSimple.yes: true
        default: .null
        }
    }

    private struct Head {
        let kind: PackedKind
        /// The lower five bits.
        let info: UInt8
        let argument: Int
    }

    private mutating func head() -> Head {
        let first = bytes[position]
        position += 1
        let info = first & 0x1F
        var argument = Int(info)
        if info >= 24 {
            argument = take(1 << Int(info - 24)).reduce(0) { $0 << 8 | Int($1) }
        }
        return Head(kind: PackedKind(rawValue: first >> 5) ?? .simple, info: info, argument: argument)
    }

    private mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        defer { position += count }
        return UnsafeBufferPointer(rebasing: bytes[position..<position + count])
    }
}
