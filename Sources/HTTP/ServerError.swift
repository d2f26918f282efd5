/// Why a server did not start.
public enum ServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The host's name has no address.
    case unknownHost(String, reason: String)
    /// The address could not be taken.
    case cannotListen(host: String, port: UInt16, reason: String)
    /// The address can be reached from other machines, and there is no TLS.
    case plainText(host: String)
    /// libmicrohttpd refused; what it had to say is in the log.
    case notStarted(host: String, port: UInt16)

    public var description: String {
        switch self {
        case .unknownHost(let host, let reason):
            "cannot listen on \"\(host)\": \(reason): expected an address of this machine, such as 127.0.0.1, or a name"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(ServerError.address(host, port)): \(reason)"
        case .plainText(let host):
            "will not speak in plain text on \(host), where others could read tokens and definitions along; "
                + "expected TLS, or an address of the loopback such as 127.0.0.1"
        case .notStarted(let host, let port):
            "libmicrohttpd did not start on \(ServerError.address(host, port))"
        }
    }

    /// `127.0.0.1:8470`, `[::1]:8470`.
    private static func address(_ host: String, _ port: UInt16) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
