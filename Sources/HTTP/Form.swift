/// What an HTML form sends (`application/x-www-form-urlencoded`, https://url.spec.whatwg.org/#application/x-www-form-urlencoded).
public struct Form: Sendable {
    /// Names and values in the order sent, decoded: a `+` is a space.
    public let fields: [(name: String, value: String)]

    /// Nil if something in it is no percent-encoded UTF-8, or holds a NUL.
    public init?(_ bytes: [UInt8]) {
        var fields: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let halves = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Form.text(halves[0]), let value = Form.text(halves.count > 1 ? halves[1] : []) else {
                return nil
            }
            fields.append((name, value))
        }
        self.fields = fields
    }

    /// The values of that name.
    public func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }

    private static func text(_ encoded: ArraySlice<UInt8>) -> String? {
        PercentEncoding.text(encoded.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 })
    }
}
