/// A secret that proves who asks; it does not show itself.
struct Token: Sendable, CustomStringConvertible, CustomReflectable {
    /// The secret itself.
    let secret: String
    /// Where it was found.
    let origin: String

    /// Takes the first line of a text.
    init(_ text: String, from origin: String) throws(Failure) {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        guard !line.isEmpty, line.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Failure(
                "\(origin) holds no token: expected one line of printable characters without spaces",
                status: Failure.usage)
        }
        secret = line
        self.origin = origin
    }

    var description: String { "the token of \(origin)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
