import Tree

/// The named things of a machine.
extension DefinitionReader {
    /// The names of the disks; a machine with an image has one called `root`.
    mutating func diskNames() -> [String] {
        var names = names(["disks"])
        if value(["image"]) != nil, !names.contains("root") { names.insert("root", at: 0) }
        return names
    }

    mutating func disks() -> [Disk] {
        diskNames().compactMap { disk($0) }
    }

    private mutating func disk(_ name: String) -> Disk? {
        let key: DottedPath = ["disks", Key(name)]
        let size = size(key + "size")
        let mode = choice(key + "mode", Mode.self) ?? .overlay
        let bus = choice(key + "bus", Disk.Bus.self) ?? .virtio
        let format = choice(key + "format", Disk.Format.self) ?? .qcow2
        let pool = pool(key + "pool")
        let imageKey = imageKey(ofDisk: name)
        let isEmpty = value(imageKey) == nil
        let image = image(imageKey)
        if isEmpty, size == nil {
            problem(key + "size", "a disk without an image needs a size, such as 10GiB")
        }
        let isOverlay = !isEmpty && mode == .overlay
        if isOverlay, format == .raw {
            problem(key + "format", "an overlay is always qcow2; expected qcow2, or mode copy")
        }
        guard let pool, isEmpty || image != nil else { return nil }
        let origin = image.map { isOverlay ? Disk.Origin.overlay($0) : .copy($0) } ?? .empty
        return Disk(name: name, pool: pool, bus: bus, format: format, origin: origin, size: size)
    }

    private mutating func imageKey(ofDisk name: String) -> DottedPath {
        name == "root" && value(["disks", Key(name), "image"]) == nil ? ["image"] : ["disks", Key(name), "image"]
    }

    /// The images that the disks hold only the differences from, each once.
    mutating func backings() -> [Image] {
        var backings: [Image] = []
        for name in diskNames() where choice(["disks", Key(name), "mode"], Mode.self) ?? .overlay == .overlay {
            guard let image = image(imageKey(ofDisk: name)), !backings.contains(image) else { continue }
            backings.append(image)
        }
        return backings
    }

    private enum Mode: String, CaseIterable {
        case overlay
        case copy
    }

    mutating func nics(_ macs: [String: MAC]) -> [NIC] {
        names(["nics"]).compactMap { nic($0, macs[$0]) }
    }

    private mutating func nic(_ name: String, _ allocated: MAC?) -> NIC? {
        let key: DottedPath = ["nics", Key(name)]
        let model = choice(key + "model", NIC.Model.self) ?? .virtio
        let network = network(key + "network")
        let written = mac(key + "mac")
        guard let mac = written ?? allocated else {
            if value(key + "mac") == nil { problem(key + "mac", "no MAC address was allocated for this card") }
            return nil
        }
        return network.map { NIC(name: name, network: $0, model: model, mac: mac) }
    }

    private mutating func mac(_ key: DottedPath) -> MAC? {
        guard let text = text(key) else { return nil }
        guard let mac = MAC(text), !mac.isMulticast else {
            problem(key, "expected a unicast MAC address such as 52:54:00:12:34:56, found \"\(text)\"")
            return nil
        }
        return mac
    }

    mutating func cdroms() -> [Specification.CDROM] {
        names(["cdroms"]).map { Specification.CDROM(name: $0, image: image(["cdroms", Key($0), "image"])) }
    }
}
