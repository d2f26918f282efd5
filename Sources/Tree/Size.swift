/// An amount of memory or disk, in bytes.
///
/// Written as an integer of bytes, or as a string with a unit. `KiB MiB GiB TiB` are powers of 1024, and so are
/// `K M G T`, as qemu-img(1) reads them. `KB MB GB TB` are refused: their readers disagree on what they mean.
public struct Size: Hashable, Sendable {
    public let bytes: Int

    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// Reads a size greater than zero; nil if the value is none.
    public init?(_ value: Value) {
        switch value {
        case .integer(let bytes) where bytes > 0: self.init(bytes: bytes)
        case .string(let text): self.init(text)
        default: return nil
        }
    }

    private init?(_ text: String) {
        let digits = text.unicodeScalars.prefix { ("0"..."9").contains($0) || $0 == "." }
        var unit = String(text.unicodeScalars.dropFirst(digits.count))
        while unit.hasPrefix(" ") { unit.removeFirst() }
        guard let factor = Size.units[unit], let number = Double(String(digits)) else { return nil }
        let bytes = (number * Double(factor)).rounded()
        guard bytes >= 1, let whole = Int(exactly: bytes) else { return nil }
        self.init(bytes: whole)
    }

    private static let units: [String: Int] = [
        "": 1, "B": 1, "K": 1 << 10, "KiB": 1 << 10, "M": 1 << 20, "MiB": 1 << 20, "G": 1 << 30, "GiB": 1 << 30,
        "T": 1 << 40, "TiB": 1 << 40,
    ]
}
