import XML

extension LibvirtError {
    /// The error of a start, with the name of the disk that it is about, if that is not there.
    func naming(lostDisksOf domain: Element) -> LibvirtError {
        let mark = Mark(domain: domain)
        for disk in DomainDisk.all(of: domain) where !disk.place.isEmpty {
            guard message.contains("'\(disk.place)'"), message.contains("No such file") else { continue }
            let name = mark?.disks.first { $0.target == disk.target }?.name ?? disk.target
            return LibvirtError(.notFound, "disk \(name): \(disk.place) is missing: \(message)")
        }
        return self
    }
}
