public import Lifecycle
public import Logging
import Synchronization
public import Tree

/// The hypervisors in use: one connection for each driver and URI, opened when it is first needed.
public final class Connections: Sendable {
    private let opened = Mutex<[Endpoint.Address: any Connection]>([:])
    private let logger: Logger
    private let adapt: @Sendable (any Driver) -> any Driver

    public convenience init(logger: Logger = Logger(label: "headwater.hypervisor")) {
        self.init(logger: logger) { $0 }
    }

    private let watchers = Watchers()

    /// - Parameter adapt: makes of each driver the one that is handed out: for who watches or hinders calls.
    package init(
        logger: Logger = Logger(label: "headwater.hypervisor"), adapt: @escaping @Sendable (any Driver) -> any Driver
    ) {
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

    private func open(_ endpoint: Endpoint) -> any Connection {
        switch endpoint.driver {
        case .memory: MemoryHypervisor(telling: watchers)
        case .libvirt:
            LibvirtHypervisor(
                uri: endpoint.uri, concurrency: endpoint.concurrency, telling: watchers, logger: logger)
        }
    }
}

/// What drivers of one hypervisor share.
protocol Connection: Sendable {
    /// A driver with the bounds of that endpoint.
    func driver(for endpoint: Endpoint) -> any Driver
}
