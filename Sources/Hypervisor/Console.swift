/// A way to get at a running machine from outside.
public struct Console: Hashable, Sendable {
    public var kind: Kind
    public var place: Place

    public init(_ kind: Kind, at place: Place) {
        self.kind = kind
        self.place = place
    }

    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Screen and keyboard over RFB (RFC 6143).
        case vnc
        case spice
        case serial
    }

    /// Where it is, as seen from the hypervisor's host.
    public enum Place: Hashable, Sendable {
        /// An address that is listened on, and the port.
        case address(String, port: Int)
        /// A socket of the file system.
        case socket(String)
        /// A pseudo-terminal.
        case terminal(String)
    }
}
