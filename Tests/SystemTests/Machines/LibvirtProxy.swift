import Foundation
import Glibc
import Synchronization

/// Stands between headwaterd and libvirt's daemon, passes on what each says, and sees every call.
///
/// It can kill whoever calls at a chosen point of a chosen call: so the real programs are interrupted in the middle of
/// their work, and none of them knows of tests.
final class LibvirtProxy: Sendable {
    let path: String
    private let listener: UnixSocket
    private let state = Mutex(State())

    /// When the caller is killed.
    enum Moment: String, CaseIterable {
        /// Before libvirt hears of the call.
        case before
        /// When libvirt has done it and the caller has not heard of that.
        case unheard
        /// When the caller has heard of it and asks for something else.
        case after
    }

    private struct State {
        var isClosed = false
        var connections: [UnixSocket] = []
        /// The changing calls since the last `arm` or `forget`.
        var calls: [LibvirtCall] = []
        var trap: Trap?
    }

    private struct Trap {
        let victim: Int32
        /// Which of the changing calls from now on.
        let call: Int
        let moment: Moment
        var serial: UInt32?
        var isHeard = false
    }

    /// The changing calls since the last `forget` or `arm`.
    var calls: [LibvirtCall] { state.withLock { $0.calls } }

    init(at path: String) throws {
        self.path = path
        listener = try .listening(at: path)
        Thread.detachNewThread { [self] in
            while let caller = listener.next() { serve(caller) }
            listener.close()
        }
    }

    /// The URI by which headwaterd comes by here.
    var uri: String { "qemu+unix:///system?socket=\(path)&mode=direct" }

    /// The settings with which headwaterd may do so.
    static let settings = """
        hypervisors:
          uris: ["qemu+unix:///system", "test:///default"]
          parameters: [socket, mode]
        """

    func forget() { state.withLock { $0.calls = [] } }

    /// Kills a process at the changing call of that number, from 0.
    func arm(_ victim: Int32, at call: Int, _ moment: Moment) {
        state.withLock { state in
            state.calls = []
            state.trap = Trap(victim: victim, call: call, moment: moment)
        }
    }

    func disarm() { state.withLock { $0.trap = nil } }

    /// Takes no more connections and drops those there are, as a daemon that ends does.
    func close() {
        let connections = state.withLock { state in
            state.isClosed = true
            return state.connections
        }
        for connection in connections { connection.shut() }
        listener.shut()
        unlink(path)
    }

    private func serve(_ caller: UnixSocket) {
        guard let libvirt = try? UnixSocket.connected(to: "/run/libvirt/libvirt-sock") else { return caller.close() }
        let isOpen = state.withLock { state in
            state.connections += [caller, libvirt]
            return !state.isClosed
        }
        guard isOpen else { return caller.shut() }
        pump(from: caller, to: libvirt) { self.sees(call: $0) }
        pump(from: libvirt, to: caller) { self.sees(reply: $0) }
    }

    /// Passes packets on until either side ends, or `passes` says that one is to be kept.
    private func pump(
        from source: UnixSocket, to target: UnixSocket, _ passes: @escaping @Sendable (LibvirtPacket) -> Bool
    ) {
        Thread.detachNewThread {
            while let packet = LibvirtPacket(from: source), passes(packet) { target.write(packet.bytes) }
            source.shut()
            target.shut()
        }
    }

    private func sees(call packet: LibvirtPacket) -> Bool {
        guard packet.isCall, let procedure = packet.procedure else { return true }
        let call = LibvirtCall(rawValue: procedure)
        return springs { state in
            if state.trap?.isHeard == true, state.trap?.moment == .after { return true }
            guard let call else { return false }
            state.calls.append(call)
            guard let trap = state.trap, state.calls.count - 1 == trap.call else { return false }
            state.trap?.serial = packet.serial
            return trap.moment == .before
        }
    }

    private func sees(reply packet: LibvirtPacket) -> Bool {
        guard packet.isReply else { return true }
        return springs { state in
            guard let trap = state.trap, trap.serial == packet.serial else { return false }
            state.trap?.isHeard = true
            return trap.moment == .unheard
        }
    }

    /// - Returns: whether the packet passes.
    private func springs(_ decide: (inout sending State) -> Bool) -> Bool {
        let victim: Int32? = state.withLock { state in
            guard decide(&state), let victim = state.trap?.victim else { return nil }
            state.trap = nil
            return victim
        }
        guard let victim else { return true }
        kill(victim, SIGKILL)
        return false
    }
}
