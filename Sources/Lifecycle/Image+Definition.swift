public import Tree

extension Image {
    /// The images that the disks of a machine made of this definition lean on, each once: an overlay is nothing without
    /// its image. What cannot be read is left out.
    public static func backings(of definition: Map) -> [Image] {
        var reader = DefinitionReader(path: .root, definition: definition)
        return reader.backings()
    }

    /// Reads the image that a definition supplies under that name; nil if there is none that can be read.
    public init?(named name: String, in definition: Map) {
        var reader = DefinitionReader(path: .root, definition: definition)
        guard reader.names(["images"]).contains(name), let image = reader.image(named: name) else { return nil }
        self = image
    }

    /// Where it is on its hypervisor: a file, or pool and volume.
    public var place: String {
        switch source {
        case .file(let path): path
        case .volume(let volume, let pool): "\(pool.name)/\(volume)"
        }
    }
}
