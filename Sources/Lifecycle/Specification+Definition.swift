public import Tree

extension Specification {
    /// Reads a machine from a computed definition. `macs` are the addresses of the cards whose definition names none.
    ///
    /// Defaults: one processor, 1 GiB of memory, firmware `bios`, disks `overlay` on `virtio` in format `qcow2`, cards
    /// `virtio`, boot from disk, then CD, then network. A disk without `pool` and a card without `network` take the
    /// one named `default`, or the only one that there is. `image` is the image of the disk `root`. `null` is as if the
    /// key were not there.
    public init(id: EntryID, path: Path, definition: Map, macs: [String: MAC] = [:]) throws(SpecificationError) {
        var reader = DefinitionReader(path: path, definition: definition)
        let endpoint = reader.endpoint()
        let machine = reader.text(["machine"])
        let firmware = reader.choice(["firmware"], Firmware.self) ?? .bios
        let cpus = reader.integer(["hardware", "cpus"], in: 1...1024) ?? Self.cpus
        let memory = reader.size(["hardware", "memory"]) ?? Self.memory
        let disks = reader.disks()
        let nics = reader.nics(macs)
        let cdroms = reader.cdroms()
        let boot = reader.choices(["boot"], Boot.self) ?? Boot.allCases
        let cpuShares = reader.integer(["limits", "cpu_shares"], in: 2...262_144)
        guard let endpoint, reader.problems.isEmpty else { throw SpecificationError(problems: reader.problems) }
        self.init(
            id: id, name: Self.name(for: path), endpoint: endpoint, machine: machine, firmware: firmware, cpus: cpus,
            memory: memory, disks: disks, nics: nics, cdroms: cdroms, boot: boot, cpuShares: cpuShares)
    }
}

extension Endpoint {
    /// Reads from a computed definition which hypervisor the machine is for.
    public init(path: Path, definition: Map) throws(SpecificationError) {
        var reader = DefinitionReader(path: path, definition: definition)
        guard let endpoint = reader.endpoint(), reader.problems.isEmpty else {
            throw SpecificationError(problems: reader.problems)
        }
        self = endpoint
    }
}
