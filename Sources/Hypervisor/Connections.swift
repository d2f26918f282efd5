public import Lifecycle
public import Logging
import Synchronization

/// The hypervisors in use: one connection for each driver and URI, opened when it is first needed.
public final class Connections: Sendable {
    private let opened = Mutex<[Key: any Connection]>([:])

    private struct Key: Hashable {
        let driver: Endpoint.Driver
        let uri: String
    }

    private let logger: Logger

    public init(logger: Logger = Logger(label: "headwater.hypervisor")) {
        self.logger = logger
    }

    /// The driver for a hypervisor. Does not block and does not connect: a call does.
    public func driver(for endpoint: Endpoint) -> any Driver {
        let key = Key(driver: endpoint.driver, uri: endpoint.uri)
        let connection = opened.withLock { opened in
            let connection = opened[key] ?? open(endpoint)
            opened[key] = connection
            return connection
        }
        return connection.driver(for: endpoint)
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
