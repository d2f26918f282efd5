public import Lifecycle
public import Tree

/// What a hypervisor says of a machine.
public struct Observation: Hashable, Sendable {
    public var id: EntryID
    /// Its name on the hypervisor.
    public var name: String
    /// Whether it bears the mark of a machine that `create` made.
    public var isOurs: Bool
    /// Which VM of its descriptor it is, as its mark says; nil: it has no mark, or one of an earlier version.
    public var build: Int?
    public var power: Power
    /// A number that is another one after each start; nil: it is off, or the hypervisor does not say.
    public var run: Int?
    /// How its processors come about, where the hypervisor says: `kvm` by the host's, `qemu` emulated in software.
    public var type: String?
    public var firmware: Specification.Firmware
    public var cpus: Int
    public var memory: Size
    public var disks: [Disk]
    public var nics: [NIC]
    /// Whether the hypervisor starts it when its host starts; nil where it does not say.
    public var autostart: Bool?

    public init(
        id: EntryID, name: String, isOurs: Bool, build: Int? = nil, power: Power, run: Int? = nil, type: String? = nil,
        firmware: Specification.Firmware = .bios, cpus: Int, memory: Size, disks: [Disk] = [], nics: [NIC] = [],
        autostart: Bool? = nil
    ) {
        self.id = id
        self.name = name
        self.isOurs = isOurs
        self.build = build
        self.power = power
        self.run = run
        self.type = type
        self.firmware = firmware
        self.cpus = cpus
        self.memory = memory
        self.disks = disks
        self.nics = nics
        self.autostart = autostart
    }

    public struct Disk: Hashable, Sendable {
        /// Its name in the definition; for a machine that is not ours, the hypervisor's name of it.
        public var name: String
        /// Where it is: a file, a device, or pool and volume.
        public var place: String
        /// Nil where the hypervisor does not say.
        public var capacity: Size?
        /// Whether the machine has it and its content is certainly gone.
        public var isMissing: Bool
        /// Whether it is another one than the machine was made with, as after an external snapshot.
        public var isReplaced: Bool

        public init(
            name: String, place: String, capacity: Size?, isMissing: Bool = false, isReplaced: Bool = false
        ) {
            self.name = name
            self.place = place
            self.capacity = capacity
            self.isMissing = isMissing
            self.isReplaced = isReplaced
        }
    }

    public struct NIC: Hashable, Sendable {
        /// Its name in the definition; where that is not known, `eth0`, `eth1` … by its place.
        public var name: String
        /// The hypervisor's name of its own end, such as vnet0; nil where there is none, as while the machine is off.
        public var device: String?
        /// Nil where the hypervisor says nothing that is an address.
        public var mac: MAC?
        /// What it is plugged into; nil: neither a network nor a bridge.
        public var network: Lifecycle.NIC.Network?
        /// The addresses of IPv4 and IPv6 that are known to be in use.
        public var addresses: [String]

        public init(
            name: String, device: String? = nil, mac: MAC?, network: Lifecycle.NIC.Network?, addresses: [String] = []
        ) {
            self.name = name
            self.device = device
            self.mac = mac
            self.network = network
            self.addresses = addresses
        }
    }
}
