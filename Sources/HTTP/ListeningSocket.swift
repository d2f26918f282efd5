// Which of the two modules a socket's address belongs to is decided by what the compiler has read before.
import CMicroHTTPD
import Glibc

/// Opens the socket that a server listens on. Done here and not in libmicrohttpd, which would not say what went wrong.
enum ListeningSocket {
    /// A bound, listening, non-blocking socket, and the port it got.
    static func open(host: String, port: UInt16) throws(ServerError) -> (socket: Int32, port: UInt16) {
        let found = try addresses(host, port)
        defer { freeaddrinfo(found) }
        let address = found.pointee

        let descriptor = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .cannotListen(host: host, port: port, reason: lastError()) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, SOMAXCONN) == 0,
            let bound = boundPort(descriptor)
        else {
            let reason = lastError()
            close(descriptor)
            throw .cannotListen(host: host, port: port, reason: reason)
        }
        return (descriptor, bound)
    }

    /// Whether a host's addresses are all of the loopback: 127.0.0.0/8, ::1.
    static func isLoopback(_ host: String) throws(ServerError) -> Bool {
        let found = try addresses(host, 0)
        defer { freeaddrinfo(found) }
        return sequence(first: found, next: { $0.pointee.ai_next }).allSatisfy { isLoopback($0.pointee) }
    }

    private static func isLoopback(_ address: addrinfo) -> Bool {
        guard let raw = UnsafeRawPointer(address.ai_addr) else { return false }
        // The address stands after the family and the port, and in IPv6 after the flow too (RFC 3493 §3.3).
        return switch address.ai_family {
        case AF_INET: raw.load(fromByteOffset: 4, as: UInt8.self) == 127
        case AF_INET6:
            UnsafeRawBufferPointer(start: raw + 8, count: 16).elementsEqual([UInt8](repeating: 0, count: 15) + [1])
        default: false
        }
    }

    /// What a host's name or address stands for, at least one; to be freed.
    private static func addresses(_ host: String, _ port: UInt16) throws(ServerError) -> UnsafeMutablePointer<addrinfo>
    {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let found else {
            throw .unknownHost(host, reason: String(cString: gai_strerror(status)))
        }
        return found
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                getsockname(descriptor, address, &size) == 0
            else { return nil }
            // The port lies at the same place, in network order, in sockaddr_in and sockaddr_in6 (RFC 3493 §3.3).
            return UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }

    private static func lastError() -> String { String(cString: strerror(errno)) }
}
