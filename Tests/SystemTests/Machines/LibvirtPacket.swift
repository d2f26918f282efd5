/// One message of libvirt's remote protocol: its length and a header of six numbers, big-endian (RFC 4506), then what it
/// carries (`src/rpc/virnetprotocol.x`).
struct LibvirtPacket {
    let bytes: [UInt8]

    /// Reads one; nil at the end of the connection.
    init?(from socket: UnixSocket) {
        guard let length = socket.read(4) else { return nil }
        let count = Int(LibvirtPacket.number(length[...]))
        guard count >= 28, let rest = socket.read(count - 4) else { return nil }
        bytes = length + rest
    }

    /// What it asks for, or answers; nil: it is about the connection itself.
    var procedure: UInt32? { field(0) == 0x2000_8086 ? field(2) : nil }
    /// Whether it asks for something; with file descriptors or without.
    var isCall: Bool { [0, 4].contains(field(3)) }
    /// Whether it is the answer to something.
    var isReply: Bool { [1, 5].contains(field(3)) }
    /// The same in a call and its answer.
    var serial: UInt32 { field(4) }

    private func field(_ index: Int) -> UInt32 { LibvirtPacket.number(bytes[(4 + 4 * index)...]) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
