public import Lifecycle
public import Logging
import Synchronization
public import Tree

/// The hypervisors in use, each once for each driver and URI, opened when it is first needed.
public final class Connections: Sendable {
    /// What may be opened; all else is refused by each call.
    public let reach: Reach
    private let opened = Mutex<[Endpoint.Address: any Connection]>([:])
    private let keepAlive: KeepAlive
    private let logger: Logger
    private let adapt: @Sendable (any Driver) -> any Driver
    private let watchers = Watchers()

    public convenience init(
        within reach: Reach = Reach(), logger: Logger = Logger(label: "headwater.hypervisor")
    ) {
        self.init(within: reach, logger: logger) { $0 }
    }

    /// - Parameter adapt: makes of each driver the one that is handed out: for who watches or hinders calls.
    package init(
        within reach: Reach = Reach(), keepAlive: KeepAlive = KeepAlive(),
        logger: Logger = Logger(label: "headwater.hypervisor"),
        adapt: @escaping @Sendable (any Driver) -> any Driver = { $0 }
    ) {
        self.reach = reach
        self.keepAlive = keepAlive
        self.logger = logger
        self.adapt = adapt
    }

    /// The driver for a hypervisor. Does not block and does not connect: a call does.
    public func driver(for endpoint: Endpoint) -> any Driver {
        let connection = opened.withLock { opened in
            let connection = opened[endpoint.address] ?? open(endpoint)
            opened[endpoint.address] = connection
            return connection
        }
        return adapt(connection.driver(for: endpoint))
    }

    /// The machines, ours and others, that something happens to from now on: each time that one is made, started, stopped,
    /// changed or removed, by whomever, on any hypervisor that is connected and says so.
    ///
    /// What happened is not told, only where to look: such news come late, twice and out of order by nature. A connection
    /// that is opened anew tells again; what happened in between it does not know. Of news that nobody takes the newest
    /// ten thousand are kept.
    public func changes() -> AsyncStream<EntryID> {
        watchers.listen()
    }

    /// How many hypervisors that are in use offer KVM where it does not work, so that their machines are emulated in software.
    public var emulating: Int {
        opened.withLock { Array($0.values) }.count(where: \.isEmulating)
    }

    private func open(_ endpoint: Endpoint) -> any Connection {
        switch endpoint.driver {
        case .memory: MemoryHypervisor(telling: watchers)
        case .libvirt:
            LibvirtHypervisor(
                uri: endpoint.uri, concurrency: endpoint.concurrency, within: reach, keepAlive, telling: watchers,
                logger: logger)
        }
    }
}

/// What drivers of one hypervisor share.
protocol Connection: Sendable {
    /// A driver with the bounds of that endpoint.
    func driver(for endpoint: Endpoint) -> any Driver
    /// Whether its machines are emulated in software because KVM, which it offers, does not work.
    var isEmulating: Bool { get }
}
