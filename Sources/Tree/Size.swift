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
        case .integer(let bytes) where bytes > 0:
            self.init(bytes: bytes)
        case .string(let text):
            self.init(text)
        case .null, .bool, .integer, .float, .list, .map:
            return nil
        }
    }

    /// Reads `2GiB`, `1.5 TiB`, `512M`, `65536`; nil if the text is no size greater than zero and below 2⁶³ bytes.
    public init?(_ text: String) {
        let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
        let unit = text[number.endIndex...].drop { $0 == " " }
        guard let shift = Self.shifts[String(unit)] else { return nil }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int($0) }), parts.count <= 2, whole <= .max >> shift else {
            return nil
        }
        var bytes = whole << shift
        if parts.count == 2 {
            guard let fraction = Self.bytes(ofFraction: parts[1], shift: shift) else { return nil }
            let (sum, overflow) = bytes.addingReportingOverflow(fraction)
            guard !overflow else { return nil }
            bytes = sum
        }
        guard bytes > 0 else { return nil }
        self.init(bytes: bytes)
    }

    /// `5` after the point of `1.5GiB`, in bytes, rounded down.
    private static func bytes(ofFraction digits: Substring, shift: Int) -> Int? {
        guard let numerator = Int(digits), digits.utf8.count <= 6, shift > 0 else { return nil }
        let denominator = digits.utf8.reduce(1) { scale, _ in scale * 10 }
        return numerator * (1 << shift) / denominator
    }

    private static let shifts = [
        "": 0, "B": 0, "K": 10, "KiB": 10, "M": 20, "MiB": 20, "G": 30, "GiB": 30, "T": 40, "TiB": 40,
    ]
}

extension Size: Comparable {
    public static func < (left: Size, right: Size) -> Bool { left.bytes < right.bytes }
}

extension Size: CustomStringConvertible {
    /// In the largest unit that says it exactly: `2GiB`, `1536MiB`, `1000` for that many bytes.
    public var description: String {
        for (unit, shift) in bytes == 0 ? [] : [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)] {
            guard bytes % (1 << shift) == 0 else { continue }
            return "\(bytes >> shift)\(unit)"
        }
        return "\(bytes)"
    }
}
