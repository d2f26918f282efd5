public import OrderedCollections
public import Tree

extension Inheritance {
    /// The computed definition of a machine in this folder that says nothing itself, with nothing in `supply` that something is
    /// wrong with.
    ///
    /// - Parameter supply: the keys of maps of named things that need trust.
    public func anyMachine(supply: [Key]) -> Map {
        guard let path = anyPath else { return [:] }
        let computed = compute(Layer(source: Source(path: path, kind: .vm), definition: [:], revision: 0))
        guard !computed.problems.isEmpty else { return computed.definition }
        var definition = computed.definition
        for key in supply where definition[key] != nil { definition[key] = .map(self.supply(key)) }
        return definition
    }

    /// What is handed down of a map of named things that need trust, such as hypervisors, but for those that something is
    /// wrong with: where these are, a level may have chosen that has no trust.
    public func supply(_ key: Key) -> Map {
        guard let field = fields[key] else { return [:] }
        guard field.holdsReference else { return field.value.map ?? [:] }
        let wrong = fusion.presumptions(at: path).compactMap(\.key)
        func sound(_ place: DottedPath) -> Value? {
            guard let path = anyPath, !wrong.contains(where: place.overlaps) else { return nil }
            var resolution = Resolution(path: path, root: fusion.definition)
            let value = resolution.value(at: place)
            return resolution.problems.isEmpty ? value : nil
        }
        guard let things = field.fields else { return sound([key])?.map ?? [:] }
        var supply: Map = [:]
        for name in things.keys { supply[name] = sound([key, name]) }
        return supply
    }

    /// What is wrong with the references of keys that need trust, as far as the folder and those above it say them.
    public var presumptions: [Problem] { fusion.presumptions(at: path) }

    /// Where a machine in this folder may stand.
    private var anyPath: Path? { try? path.appending("machine") }
}
