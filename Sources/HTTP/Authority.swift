/// The host and the port of a URI, as `Host` and the absolute form of a target have them (RFC 9110 §4.2, §7.2).
enum Authority {
    /// Whether some bytes are `HOST` or `HOST:PORT`; both may be empty (RFC 3986 §3.2.2). A user's name before the host is
    /// refused, as RFC 9110 §4.2.4 asks of recipients that do not trust its source.
    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var host = bytes[...]
        if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), !bytes[colon...].contains(UInt8(ascii: "]")) {
            guard bytes[(colon + 1)...].allSatisfy(isDigit) else { return false }
            host = bytes[..<colon]
        }
        guard host.first == UInt8(ascii: "[") else { return host.allSatisfy(isNameByte) }
        return host.last == UInt8(ascii: "]") && host.count > 2
            && host.dropFirst().dropLast().allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ":") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    /// Letters, digits, `-._~`, `%` and the delimiters that may stand in a name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "["),
            UInt8(ascii: "]"):
            false
        default: byte.isURIByte
        }
    }
}
