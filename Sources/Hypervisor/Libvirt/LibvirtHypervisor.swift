import Dispatch
import Lifecycle
import Logging
import Tree

/// A hypervisor behind a libvirt URI: the connections to it, and the threads that its calls block.
final class LibvirtHypervisor: Connection {
    let logger: Logger
    private let known = HostKnowledge()
    private let lanes: Lanes
    private let pool: ConnectionPool

    init(
        uri: String, concurrency: Int, within reach: Reach, _ keepAlive: KeepAlive, telling watchers: Watchers,
        logger: Logger
    ) {
        self.logger = logger
        lanes = Lanes(label: "libvirt", limit: concurrency)
        pool = ConnectionPool(to: uri, telling: watchers, logger) { [known] () throws(LibvirtError) in
            if let objection = reach.objection(to: uri) { throw LibvirtError(.refused, objection) }
            let connection = try ConnectionHandle(uri: uri, known, keepAlive)
            if connection.isKVMStandIn, known.giveUpKVM() {
                logger.warning(
                    "\(uri) offers KVM on a processor that cannot do that: VMs made there are emulated in software")
            }
            return connection
        }
    }

    var isEmulating: Bool { known.isKVMUseless }

    /// The room that was promised to machines.
    var reservations: RoomReservations { known.reservations }

    func driver(for endpoint: Endpoint) -> any Driver {
        lanes.allow(endpoint.concurrency)
        return LibvirtDriver(endpoint: endpoint, hypervisor: self)
    }

    /// How long a call may take that copies nothing.
    static let patience = Duration.seconds(120)

    /// Does `body` on a thread of this hypervisor's own. When `deadline` is over, or the caller's task is cancelled, the
    /// caller goes on; the thread stays with libvirt until that answers, and then changes nothing more. Only the one request
    /// that libvirt has in hand at that moment may still be carried out.
    func call<Answer: Sendable>(
        _ endpoint: Endpoint, _ machine: EntryID?, deadline: Duration? = patience,
        _ body: @escaping @Sendable (ConnectionHandle) throws(LibvirtError) -> Answer
    ) async throws(DriverError) -> Answer {
        let once = Once<Result<Answer, LibvirtError>>()
        lanes.enqueue {
            once.answer(
                CurrentCall.with({ once.isOpen }) { () throws(LibvirtError) in try self.pool.run(body) })
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
            once.answer(.failure(CurrentCall.givenUp))
        }
        do throws(LibvirtError) {
            return try result.get()
        } catch {
            throw DriverError(error.kind, hypervisor: endpoint.name, machine: machine, error.message)
        }
    }
}
