import OrderedCollections
public import Tree

/// Which values of a machine a flag such as `ansible.templates` lets through to a tool as code: those that the level which
/// sets the flag has a say in, or farther ones, and no nearer one.
///
/// So who may write below that level gets no code to where it is run, neither in a value of his own nor by a reference that
/// leads to one.
public struct Licence {
    /// How far from the root the level is that gives it.
    public let level: Int
    /// The layer that gives it; nil if only its level is known.
    public let giver: Source?
    private let reach: Reach

    /// What a flag of a machine's definition allows; nil if it is not set.
    public init?(_ flag: DottedPath, in computed: Computed) {
        guard let name = flag.keys.first, computed.definition[name]?.map?[flag.keys[1]]?.bool == true,
            let field = computed.fields[name]
        else { return nil }
        // What a reference brings in is allowed by the level that refers.
        let origin = field[flag.keys.dropFirst()] ?? field
        level = origin.overrode.filter { $0.value == .bool(true) }.reduce(origin.layer.depth) {
            max($0, $1.layer.depth)
        }
        giver = origin.layer.source
        reach = Reach(computed.root, steered: computed.steered)
    }

    /// What a level allows of values that hold no references.
    public init(level: Int) {
        self.level = level
        giver = nil
        reach = Reach(nil)
    }

    /// Whether it holds for a value.
    public func covers(_ field: Fused) -> Bool { reach.nearest(of: field).depth <= level && !reach.isCut }
}
