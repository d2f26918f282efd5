import XML

/// Where a domain finds the content of a disk.
///
/// By path wherever there is one: the confinement of guests by AppArmor does not know the files of a disk that names
/// pool and volume only.
enum Place {
    case file(String)
    case block(String)
    case volume(String, pool: String)

    /// The place of a volume in a pool of that description (libvirt.org/formatstorage.html).
    init(of volume: String, path: String, in pool: Element) {
        switch pool[attribute: "type"] {
        case "dir", "fs", "netfs", "vstorage": self = .file(path)
        case "logical", "disk", "iscsi", "scsi", "mpath", "zfs": self = .block(path)
        default: self = .volume(volume, pool: pool.first("name")?.text ?? "")
        }
    }

    /// The attribute `type` of the disk.
    var type: String {
        switch self {
        case .file: "file"
        case .block: "block"
        case .volume: "volume"
        }
    }

    var element: Element {
        switch self {
        case .file(let path): XML.element("source", ["file": path])
        case .block(let path): XML.element("source", ["dev": path])
        case .volume(let volume, let pool): XML.element("source", ["pool": pool, "volume": volume])
        }
    }
}
