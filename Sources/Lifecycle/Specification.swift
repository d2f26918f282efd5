public import Tree

/// All that a driver needs to make a machine: the creation and runtime keys of a computed definition, with the supply
/// they name looked up and every default filled in.
public struct Specification: Hashable, Sendable {
    /// The UUID of the VM, and the only thing that tells VMs apart.
    public var id: EntryID
    /// What the VM is called on the hypervisor, for people.
    public var name: String
    /// Which VM of its descriptor it is, counted from 1; 0: that is not known.
    public var build: Int
    public var endpoint: Endpoint
    /// The emulated machine, such as q35; nil: the hypervisor's own choice.
    public var machine: String?
    public var firmware: Firmware
    public var cpus: Int
    public var memory: Size
    /// In the order of the definition.
    public var disks: [Disk]
    public var nics: [NIC]
    public var cdroms: [CDROM]
    /// What is tried in turn at power-on.
    public var boot: [Boot]
    /// The weight of this machine when processors are scarce; nil: the hypervisor's own choice.
    public var cpuShares: Int?

    public init(
        id: EntryID, name: String, build: Int = 0, endpoint: Endpoint, machine: String? = nil,
        firmware: Firmware = .bios,
        cpus: Int = Specification.cpus, memory: Size = Specification.memory, disks: [Disk] = [], nics: [NIC] = [],
        cdroms: [CDROM] = [], boot: [Boot] = Boot.allCases, cpuShares: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.build = build
        self.endpoint = endpoint
        self.machine = machine
        self.firmware = firmware
        self.cpus = cpus
        self.memory = memory
        self.disks = disks
        self.nics = nics
        self.cdroms = cdroms
        self.boot = boot
        self.cpuShares = cpuShares
    }

    /// The processors of a machine whose definition does not say.
    public static let cpus = 1
    /// The memory of a machine whose definition does not say.
    public static let memory = Size(bytes: 1 << 30)

    public enum Firmware: String, Hashable, Sendable, CaseIterable {
        case bios
        case uefi
    }

    /// A kind of device that a machine can boot from.
    public enum Boot: String, Hashable, Sendable, CaseIterable {
        case disk
        case cdrom
        case network
    }

    /// A CD drive.
    public struct CDROM: Hashable, Sendable {
        /// Its name under `cdroms`.
        public var name: String
        /// The CD in it; nil: it is empty.
        public var image: Image?

        public init(name: String, image: Image?) {
            self.name = name
            self.image = image
        }
    }
}

extension Specification {
    /// The longest name: a hypervisor makes file names of it, which end at 255 bytes.
    static let longestName = 180

    /// `courses.so.alice.web` for `/courses/so/alice/web`. Too long a one keeps its end, and a hash of the path in front.
    public static func name(for path: Path) -> String {
        let name = path.segments.joined(separator: ".")
        guard name.utf8.count > longestName else { return name }
        var hash: UInt32 = 0x811c_9dc5
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x100_0193 }
        return "\(String(hash, radix: 16))~\(name.suffix(longestName - 9))"
    }
}
