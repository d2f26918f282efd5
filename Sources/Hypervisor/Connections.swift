public import Lifecycle
import Synchronization

/// The hypervisors in use: one connection for each driver and URI, opened when it is first needed.
public final class Connections: Sendable {
    private let opened = Mutex<[Key: any Connection]>([:])

    private struct Key: Hashable {
        let driver: Endpoint.Driver
        let uri: String
    }

    public init() {}

    /// The driver for a hypervisor. Does not block and does not connect: a call does.
    public func driver(for endpoint: Endpoint) -> any Driver {
        let key = Key(driver: endpoint.driver, uri: endpoint.uri)
        let connection = opened.withLock { opened in
            let connection = opened[key] ?? Self.connection(for: endpoint)
            opened[key] = connection
            return connection
        }
        return connection.driver(for: endpoint)
    }

    private static func connection(for endpoint: Endpoint) -> any Connection {
        switch endpoint.driver {
        case .memory: MemoryHypervisor()
        case .libvirt: MemoryHypervisor()
        }
    }
}

/// What drivers of one hypervisor share.
protocol Connection: Sendable {
    /// A driver with the bounds of that endpoint.
    func driver(for endpoint: Endpoint) -> any Driver
}
