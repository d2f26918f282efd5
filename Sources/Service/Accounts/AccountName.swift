/// The names of users and groups.
///
/// Small ASCII letters only, so that no two names look alike or differ by case: `jana`, `jan.novak`, `xnovak01`. `@` is not
/// among them: before a name it says that a group is meant.
enum AccountName {
    /// Names that stand for something else: who holds the host's own token, what nobody's call is made by, what the daemon
    /// itself does, and the user whose password is a token.
    static let reserved = ["admin", "anybody", "headwaterd", Credential.tokenUser]
    static let longest = 63

    /// Refuses what is no name.
    static func check(_ name: String, _ what: String) throws(ServiceError) {
        guard isName(name) else {
            throw .badRequest(
                "\(what) \"\(name)\" is no name: expected 1 to \(longest) of a-z, 0-9, \".\", \"_\", \"-\", with a letter or "
                    + "digit at both ends")
        }
        guard !reserved.contains(name) else { throw .badRequest("\(what) \"\(name)\": this name is Headwater's own") }
    }

    static func isName(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= longest else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || ".-_".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
