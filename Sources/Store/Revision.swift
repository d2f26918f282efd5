/// One accepted change set: numbered from 1, without gaps, never rewritten.
public struct Revision: Hashable, Sendable {
    public let number: Int
    /// When it was asked for, in milliseconds since 1970-01-01T00:00:00Z.
    public let time: Int
    /// Who asked for it.
    public let principal: String
    /// The address that the request came from.
    public let address: String?
    /// Why, in the principal's words.
    public let message: String?
    /// How many entries it changed.
    public let changes: Int

    public init(number: Int, time: Int, principal: String, address: String?, message: String?, changes: Int) {
        self.number = number
        self.time = time
        self.principal = principal
        self.address = address
        self.message = message
        self.changes = changes
    }
}
