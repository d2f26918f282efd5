import OrderedCollections
import Tree

/// How two values of one key become one.
public enum Strategy: String, Sendable {
    /// Maps fuse key by key; of anything else the nearer stays. What happens where nothing is said.
    case deep
    /// The nearer value stays, maps too.
    case replace
    /// Lists are joined, the nearer one's elements last.
    case append
    /// Lists are joined, the nearer one's elements first.
    case prepend
    /// Lists are joined without repeats, the farther one's elements first.
    case unique

    /// Two lists as one; nil if this strategy keeps the nearer only.
    func joining(_ far: [Value], _ near: [Value]) -> [Value]? {
        switch self {
        case .deep, .replace: nil
        case .append: far + near
        case .prepend: near + far
        case .unique: (far + near).withoutRepeats
        }
    }
}

/// The strategies at work at a key and below it.
struct Strategies: Hashable, Sendable {
    private(set) var here: Strategy?
    /// Whether a list here names things that a map gives parameters: its elements are then keys with empty maps.
    private(set) var namesKeys = false
    private var below: [Key: Strategies] = [:]

    /// What holds where no layer says otherwise: Puppet's classes, named at several levels, are all included, whether a
    /// level lists them or gives them parameters.
    static let standard: Strategies = {
        var strategies = Strategies()
        strategies.set(.unique, at: ["puppet", "classes"])
        strategies.below["puppet"]?.below["classes"]?.namesKeys = true
        return strategies
    }()

    /// Whether a list and a map that meet here are fused as two maps: wherever two lists would be joined.
    var joinsListsAndMaps: Bool { namesKeys && (here == .append || here == .prepend || here == .unique) }

    subscript(key: Key) -> Strategies? { below[key] }

    mutating func set(_ strategy: Strategy, at keys: ArraySlice<Key>) {
        guard let key = keys.first else {
            here = strategy
            return
        }
        below[key, default: Strategies()].set(strategy, at: keys.dropFirst())
    }

    /// Takes over what a layer's `merge` says.
    mutating func adopt(_ merge: Value?) {
        for (path, strategy) in merge?.map ?? [:] {
            guard let path = try? DottedPath(path.text), let strategy = strategy.string.flatMap(Strategy.init) else {
                continue
            }
            set(strategy, at: path.keys[...])
        }
    }
}
