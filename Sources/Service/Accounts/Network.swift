import Foundation

/// Where a client is, as far as guessing goes: one address of IPv4, or the network of an IPv6 address (its first 64 bits),
/// since whoever has one of those has all.
enum Network {
    static func of(_ address: String) -> String {
        var bytes = in6_addr()
        guard address.contains(":"), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        return withUnsafeBytes(of: bytes) { $0.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") }
    }

    /// Whether an address says nothing about who is behind it: this machine's own, which a proxy's clients share.
    static func isShared(_ address: String) -> Bool {
        address.isEmpty || address == "::1" || address.hasPrefix("127.")
    }
}
