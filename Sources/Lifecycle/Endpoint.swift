/// A hypervisor as a definition names it: how it is reached, and within what bounds.
public struct Endpoint: Hashable, Sendable {
    /// Its name under `hypervisors`.
    public var name: String
    public var driver: Driver
    /// Where it is. For `libvirt` a connection URI; for `memory` any text, equal texts meaning one hypervisor.
    public var uri: String
    /// How many machines it is asked to work on at once.
    public var concurrency: Int
    /// How long each call takes, of the `memory` driver.
    public var latency: Duration
    /// The share of calls that fail, from 0 to 1, of the `memory` driver.
    public var faults: Double

    public init(
        name: String, driver: Driver, uri: String, concurrency: Int = Endpoint.concurrency, latency: Duration = .zero,
        faults: Double = 0
    ) {
        self.name = name
        self.driver = driver
        self.uri = uri
        self.concurrency = concurrency
        self.latency = latency
        self.faults = faults
    }

    /// The machines at once where a definition does not say. libvirt's daemon does 20 things at once for all who ask
    /// (`max_workers` of libvirtd.conf).
    public static let concurrency = 4

    /// Which hypervisor it is, whatever it is called and however it is treated.
    public struct Address: Hashable, Sendable {
        public let driver: Driver
        public let uri: String
    }

    public var address: Address { Address(driver: driver, uri: uri) }

    public enum Driver: String, Hashable, Sendable, CaseIterable {
        case libvirt
        /// Machines that exist only in the memory of this process: for trying things out and for tests.
        case memory
    }
}
