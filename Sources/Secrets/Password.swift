import CSodium

/// A password as a person typed it. It shows itself nowhere.
public struct Password: Sendable {
    let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// What may be stored of the password. Two hashes of one password differ: each has a salt of its own.
    public func hash() throws(SecretsError) -> PasswordHash {
        try Sodium.start()
        var hash = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
        let status = crypto_pwhash_str(
            &hash, text, UInt64(text.utf8.count), UInt64(crypto_pwhash_opslimit_interactive()),
            crypto_pwhash_memlimit_interactive())
        guard status == 0 else { throw .noMemory }
        return PasswordHash(hash: hash)
    }

    /// How many characters it has.
    public var count: Int { text.count }

    /// Whether it is a name, in whatever case.
    public func isName(_ name: String) -> Bool { text.lowercased() == name.lowercased() }

    /// Whether this is the password that was hashed. Takes as long as hashing it.
    public func matches(_ hash: PasswordHash) -> Bool {
        _ = Sodium.isReady
        return crypto_pwhash_str_verify(hash.text, text, UInt64(text.utf8.count)) == 0
    }
}

extension Password: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "Password(hidden)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
