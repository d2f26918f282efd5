public import Tree

/// A disk of a machine; a volume of its own in a storage pool.
public struct Disk: Hashable, Sendable {
    /// Its name under `disks`.
    public var name: String
    public var pool: Pool
    public var bus: Bus
    public var format: Format
    public var origin: Origin
    /// Nil: as large as the image it is made of.
    public var size: Size?

    public init(name: String, pool: Pool, bus: Bus = .virtio, format: Format = .qcow2, origin: Origin, size: Size?) {
        self.name = name
        self.pool = pool
        self.bus = bus
        self.format = format
        self.origin = origin
        self.size = size
    }

    public enum Bus: String, Hashable, Sendable, CaseIterable {
        case virtio
        case sata
        case scsi
        case ide
    }

    public enum Format: String, Hashable, Sendable, CaseIterable {
        case qcow2
        case raw
    }

    /// The disks of a machine made of this definition.
    public static func all(of definition: Map, at path: Path) throws(SpecificationError) -> [Disk] {
        var reader = DefinitionReader(path: path, definition: definition)
        let disks = reader.disks()
        guard reader.problems.isEmpty else { throw SpecificationError(problems: reader.problems) }
        return disks
    }

    /// What a new disk holds.
    public enum Origin: Hashable, Sendable {
        case empty
        /// Only the differences from the image are kept; the image must stay as it is.
        case overlay(Image)
        /// All of the image.
        case copy(Image)

        public var image: Image? {
            switch self {
            case .empty: nil
            case .overlay(let image), .copy(let image): image
            }
        }
    }
}
