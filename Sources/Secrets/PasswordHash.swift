import CSodium

/// The argon2id hash of a password (RFC 9106), with libsodium's limits for interactive use: 64 MiB, two passes.
///
/// It is slow and large on purpose, so that guessing passwords from a stolen hash costs the same for each guess.
public struct PasswordHash: Hashable, Sendable {
    /// The hash with its salt and limits, in ASCII: `$argon2id$v=19$m=65536,t=2,p=1$…`.
    public let text: String

    /// A hash of the same cost that no password has: what is compared for somebody who has none, so that the answer
    /// takes as long as for somebody who has one.
    public static let nobody = PasswordHash(
        hash: "$argon2id$v=19$m=65536,t=2,p=1$bm9ib2R5LCBub3doZXJlIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            .utf8CString.map { $0 })

    init(hash: [CChar]) {
        text = String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Takes a hash as it was stored; nil if the text is none.
    public init?(text: String) {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, text.utf8.count < 128, text.hasPrefix("$argon2id$") else { return nil }
        self.text = text
    }
}

extension PasswordHash: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "PasswordHash(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
