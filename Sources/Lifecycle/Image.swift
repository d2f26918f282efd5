public import Tree

/// Where the content of a disk or a CD comes from.
public struct Image: Hashable, Sendable {
    /// Its name under `images`.
    public var name: String
    public var source: Source
    /// Nil: what the hypervisor finds it to be.
    public var format: Format?
    /// How large a disk made of it is, where the definition says.
    public var size: Size?

    public init(name: String, source: Source, format: Format? = nil, size: Size? = nil) {
        self.name = name
        self.source = source
        self.format = format
        self.size = size
    }

    public enum Source: Hashable, Sendable {
        /// A file on the hypervisor's host.
        case file(String)
        /// A volume of a storage pool.
        case volume(String, pool: Pool)
    }

    public enum Format: String, Hashable, Sendable, CaseIterable {
        case qcow2
        case raw
        case iso
    }
}

/// A storage pool of the hypervisor.
public struct Pool: Hashable, Sendable {
    /// The hypervisor's own name of it.
    public var name: String
    /// The directory it is made of if it is not there; nil: it must be there.
    public var path: String?

    public init(name: String, path: String? = nil) {
        self.name = name
        self.path = path
    }
}
