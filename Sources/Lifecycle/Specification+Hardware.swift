import OrderedCollections

extension Specification {
    /// This machine with the processors, the memory and the cards that were seen; its disks stay as they are here.
    public func with(_ seen: Hardware) -> Specification {
        var machine = self
        machine.cpus = seen.cpus
        machine.memory = seen.memory
        machine.nics = seen.nics.compactMap { name, card in
            let own = nics.first { $0.name == name }
            guard let mac = card.mac ?? own?.mac else { return nil }
            // What is plugged into nothing that has a name is some other network.
            let network = card.network ?? own?.network ?? .network("")
            return NIC(name: name, network: network, model: own?.model ?? .virtio, mac: mac)
        }
        return machine
    }

    /// Writes into this machine what differs between two others of what a machine runs with: processors, memory, cards,
    /// CD drives, boot order, limits.
    public mutating func change(from before: Specification, to after: Specification) {
        if before.cpus != after.cpus { cpus = after.cpus }
        if before.memory != after.memory { memory = after.memory }
        if before.cpuShares != after.cpuShares { cpuShares = after.cpuShares }
        if before.boot != after.boot { boot = after.boot }
        nics.change(from: before.nics, to: after.nics, by: \.name)
        cdroms.change(from: before.cdroms, to: after.cdroms, by: \.name)
    }
}

extension Array where Element: Equatable {
    fileprivate mutating func change(from before: Self, to after: Self, by name: KeyPath<Element, String>) {
        let gone = before.filter { old in !after.contains { $0[keyPath: name] == old[keyPath: name] } }
        removeAll { own in gone.contains { $0[keyPath: name] == own[keyPath: name] } }
        for new in after where !before.contains(new) {
            if let index = firstIndex(where: { $0[keyPath: name] == new[keyPath: name] }) {
                self[index] = new
            } else {
                append(new)
            }
        }
    }
}
