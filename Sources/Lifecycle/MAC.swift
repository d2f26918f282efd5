public import Tree

/// The hardware address of a network card, EUI-48.
public struct MAC: Hashable, Sendable {
    /// The six octets in the low 48 bits.
    public let bits: UInt64

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// Reads `52:54:00:12:34:56`, in either case, with `:` or `-`; nil if the text is no address.
    public init?(_ text: String) {
        let octets = text.split(
            separator: text.utf8.contains(UInt8(ascii: ":")) ? ":" : "-", omittingEmptySubsequences: false)
        guard octets.count == 6 else { return nil }
        var bits: UInt64 = 0
        for octet in octets {
            guard octet.utf8.count == 2, let byte = UInt8(octet, radix: 16), octet.utf8.first != UInt8(ascii: "+")
            else {
                return nil
            }
            bits = bits << 8 | UInt64(byte)
        }
        self.bits = bits
    }

    /// The address that a card of a machine gets, always the same for the same arguments.
    ///
    /// An administratively assigned address of IEEE 802c-2017: the low half of the first octet is 2, which says local
    /// and unicast; the other 44 bits are a hash of the arguments. Among 200,000 cards, two for each of 100,000 machines,
    /// the chance that any two get one address is about 1 in 900; under QEMU's prefix 52:54:00, with its 24 free bits,
    /// some 1,200 pairs would. The caller tries attempts 0, 1, 2 … until the address is free. The first octet is never
    /// FE, which libvirt keeps for its own side of a card.
    public static func allocate(for id: EntryID, nic: String, attempt: Int) -> MAC {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(id)/\(nic)/\(attempt)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // FNV-1a leaves its high bits poorly mixed; this is the end of MurmurHash3.
        hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
        hash ^= hash >> 33
        return MAC(bits: hash & 0xF0FF_FFFF_FFFF | 0x0200_0000_0000)
    }

    /// Whether it names a group of cards, which no card may have for its own.
    public var isMulticast: Bool { bits >> 40 & 1 == 1 }

    public var isLocallyAdministered: Bool { bits >> 40 & 2 == 2 }
}

extension MAC: CustomStringConvertible {
    /// `52:54:00:12:34:56`, in lower case.
    public var description: String {
        stride(from: UInt64(40), through: 0, by: -8)
            .map { shift in
                let octet = String(bits >> shift & 0xFF, radix: 16)
                return octet.utf8.count == 1 ? "0" + octet : octet
            }
            .joined(separator: ":")
    }
}
