/// A network card of a machine.
public struct NIC: Hashable, Sendable {
    /// Its name under `nics`.
    public var name: String
    public var network: Network
    public var model: Model
    public var mac: MAC

    public init(name: String, network: Network, model: Model = .virtio, mac: MAC) {
        self.name = name
        self.network = network
        self.model = model
        self.mac = mac
    }

    public enum Model: String, Hashable, Sendable, CaseIterable {
        case virtio
        case e1000
        case e1000e
        case rtl8139
    }

    /// What the card is plugged into.
    public enum Network: Hashable, Sendable {
        /// A network that the hypervisor runs.
        case network(String)
        /// A bridge of the hypervisor's host.
        case bridge(String)
    }
}

extension NIC.Network: CustomStringConvertible {
    /// `default` for a network of that name, `bridge br0` for a bridge.
    public var description: String {
        switch self {
        case .network(let name): name
        case .bridge(let name): "bridge \(name)"
        }
    }
}
