import Tree

/// What a definition supplies by name: hypervisors, images, pools, networks.
extension DefinitionReader {
    mutating func endpoint() -> Endpoint? {
        guard let name = named("hypervisor", at: ["hypervisor"], from: "hypervisors") else {
            if value(["hypervisor"]) == nil {
                problem(["hypervisor"], "expected the name of a hypervisor to make the machine on, found none")
            }
            return nil
        }
        let key: DottedPath = ["hypervisors", Key(name)]
        let driver = choice(key + "driver", Endpoint.Driver.self) ?? .libvirt
        let uri = text(key + "uri")
        let concurrency = integer(key + "concurrency", in: 1...256) ?? Endpoint.concurrency
        let latency = number(key + "latency", in: 0...3600) ?? 0
        let faults = number(key + "faults", in: 0...1) ?? 0
        if driver == .libvirt, uri == nil {
            problem(key + "uri", "expected a libvirt connection URI such as qemu:///system, found none")
        }
        return Endpoint(
            name: name, driver: driver, uri: uri ?? "memory:///\(name)", concurrency: concurrency,
            latency: .seconds(latency), faults: faults)
    }

    /// The image that is named at `key`; nil where none is.
    mutating func image(_ key: DottedPath) -> Image? {
        named("image", at: key, from: "images").flatMap { image(named: $0) }
    }

    /// The image that the definition supplies under that name.
    mutating func image(named name: String) -> Image? {
        let supply: DottedPath = ["images", Key(name)]
        let format = choice(supply + "format", Image.Format.self)
        let size = size(supply + "size")
        let file = text(supply + "file")
        let volume = text(supply + "volume")
        switch (file, volume) {
        case (let file?, nil):
            return Image(name: name, source: .file(file), format: format, size: size)
        case (nil, let volume?):
            guard let pool = pool(supply + "pool") else { return nil }
            return Image(name: name, source: .volume(volume, pool: pool), format: format, size: size)
        case (nil, nil), (.some, .some):
            problem(supply, "expected either file, or volume with its pool")
            return nil
        }
    }

    /// The pool that is meant at `key`.
    mutating func pool(_ key: DottedPath) -> Pool? {
        guard let name = choose("pool", at: key, from: "pools") else { return nil }
        let supply: DottedPath = ["pools", Key(name)]
        let path = text(supply + "path")
        return Pool(name: text(supply + "pool") ?? name, path: path)
    }

    /// The network that is meant at `key`.
    mutating func network(_ key: DottedPath) -> NIC.Network? {
        guard let name = choose("network", at: key, from: "networks") else { return nil }
        let supply: DottedPath = ["networks", Key(name)]
        switch (text(supply + "network"), text(supply + "bridge")) {
        case (let network, nil): return .network(network ?? name)
        case (nil, let bridge?): return .bridge(bridge)
        case (.some, .some):
            problem(supply, "expected either network or bridge, found both")
            return nil
        }
    }
}
