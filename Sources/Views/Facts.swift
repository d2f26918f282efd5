public import OrderedCollections

/// What is known of a machine besides its definition.
public struct Facts: Sendable, Hashable {
    /// The name of the state, such as `running`.
    public var state: String
    /// The name of the hypervisor that the machine is on; nil while it is on none.
    public var hypervisor: String?
    /// The network cards by name.
    public var nics: OrderedDictionary<String, NIC>

    public init(state: String, hypervisor: String? = nil, nics: OrderedDictionary<String, NIC> = [:]) {
        self.state = state
        self.hypervisor = hypervisor
        self.nics = nics
    }

    /// What is known of a network card.
    public struct NIC: Sendable, Hashable {
        public var mac: String?
        /// Addresses without a prefix length.
        public var ipv4: [String]
        /// Addresses without a prefix length.
        public var ipv6: [String]

        public init(mac: String? = nil, ipv4: [String] = [], ipv6: [String] = []) {
            self.mac = mac
            self.ipv4 = ipv4
            self.ipv6 = ipv6
        }
    }
}
