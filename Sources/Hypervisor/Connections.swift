public import Lifecycle
public import Logging
import Synchronization

/// The hypervisors in use: one connection for each driver and URI, opened when it is first needed.
public final class Connections: Sendable {
    private let opened = Mutex<[Endpoint.Address: any Connection]>([:])
    private let logger: Logger
    private let adapt: @Sendable (any Driver) -> any Driver

    public convenience init(logger: Logger = Logger(label: "headwater.hypervisor")) {
        self.init(logger: logger) { $0 }
    }

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

    private func open(_ endpoint: Endpoint) -> any Connection {
        switch endpoint.driver {
        case .memory: MemoryHypervisor()
        case .libvirt:
            LibvirtHypervisor(uri: endpoint.uri, concurrency: endpoint.concurrency, logger: logger)
        }
    }
}

/// What drivers of one hypervisor share.
protocol Connection: Sendable {
    /// A driver with the bounds of that endpoint.
    func driver(for endpoint: Endpoint) -> any Driver
}
