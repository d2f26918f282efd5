import Dispatch
import Lifecycle
import Logging
import Synchronization
import Tree

/// A hypervisor behind a libvirt URI: its connection, opened when it is needed and again when it has died, and the
/// threads that its calls block.
final class LibvirtHypervisor: Connection {
    let logger: Logger
    private let uri: String
    private let watchers: Watchers
    private let lanes: Lanes
    private let current = Mutex<ConnectionHandle?>(nil)

    init(uri: String, concurrency: Int, telling watchers: Watchers, logger: Logger) {
        self.uri = uri
        self.watchers = watchers
        self.logger = logger
        lanes = Lanes(label: "libvirt", limit: concurrency)
    }

    func driver(for endpoint: Endpoint) -> any Driver {
        lanes.allow(endpoint.concurrency)
        return LibvirtDriver(endpoint: endpoint, hypervisor: self)
    }

    /// How long a call may take that copies nothing.
    static let patience = Duration.seconds(120)

    /// Does `body` on a thread of this hypervisor's own. When `deadline` is over, or the caller's task is cancelled, the
    /// caller goes on; the thread stays with the call.
    func call<Answer: Sendable>(
        _ endpoint: Endpoint, _ machine: EntryID?, deadline: Duration? = patience,
        _ body: @escaping @Sendable (ConnectionHandle) throws(LibvirtError) -> Answer
    ) async throws(DriverError) -> Answer {
        let once = Once<Result<Answer, LibvirtError>>()
        lanes.enqueue {
            // What was given up while it waited for a thread is not done.
            guard once.isOpen else { return }
            once.answer(Result { () throws(LibvirtError) in try self.run(body) })
        }
        let alarm = deadline.map { deadline in
            let alarm = DispatchWorkItem {
                once.answer(.failure(LibvirtError(.timeout, "no answer within \(deadline.components.seconds) seconds")))
            }
            DispatchQueue.global()
                .asyncAfter(deadline: .now() + .seconds(Int(clamping: deadline.components.seconds)), execute: alarm)
            return alarm
        }
        defer { alarm?.cancel() }
        let result = await withTaskCancellationHandler {
            await once.wait()
        } onCancel: {
            once.answer(.failure(LibvirtError(.cancelled, "the call was given up")))
        }
        do throws(LibvirtError) {
            return try result.get()
        } catch {
            throw DriverError(error.kind, hypervisor: endpoint.name, machine: machine, error.message)
        }
    }

    /// Does `body` with the connection, and once more with a new one if the connection turns out to have died: every
    /// call can be repeated.
    private func run<Answer>(_ body: (ConnectionHandle) throws(LibvirtError) -> Answer) throws(LibvirtError) -> Answer {
        let connection = try connect()
        do throws(LibvirtError) {
            return try body(connection)
        } catch {
            guard !connection.isAlive else { throw error }
            logger.warning("the connection to a hypervisor died", metadata: ["reason": "\(error.message)"])
            return try body(try connect())
        }
    }

    private func connect() throws(LibvirtError) -> ConnectionHandle {
        if let connection = current.withLock({ $0 }), connection.isAlive { return connection }
        let opened = try ConnectionHandle(uri: uri, telling: watchers)
        return current.withLock { current in
            // Another thread may have been faster; one connection is enough.
            if let connection = current, connection.isAlive { return connection }
            current = opened
            return opened
        }
    }
}
