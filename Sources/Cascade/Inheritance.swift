public import OrderedCollections
public import Tree

/// What a folder hands down: the fusion of all commons from the root to it.
///
/// A class, because one serves all that is below, and because its identity tells whether what was made of it is still
/// current.
public final class Inheritance: Sendable {
    /// The folder.
    public let path: Path
    /// The fused definition, references unresolved.
    public var fields: Fused.Fields { fusion.fields }
    /// What `unset` took away on the way down.
    public var removals: [Removal] { fusion.removals }
    /// What was wrong on the way down.
    public var problems: [Problem] { fusion.problems }

    let fusion: Fusion
    /// What the schema says of what holds no reference: where that is unchanged below, so is the judgement.
    private let unfit: [Problem]

    /// What the root hands down.
    public convenience init(root: Layer) {
        self.init(at: root.source.path, Fusion().entering(root), since: nil)
    }

    private init(at path: Path, _ fusion: Fusion, since above: Inheritance?) {
        self.path = path
        self.fusion = fusion
        unfit = fusion.definition.map { $0.unfit($0.value, since: above, isResolved: false) } ?? []
    }

    /// What a folder below this one hands down.
    public func entering(_ common: Layer) -> Inheritance {
        Inheritance(at: common.source.path, fusion.entering(common), since: self)
    }

    /// What this folder hands down to those in it that name prototypes; nil if something is wrong with the names.
    func applying(_ names: Value) -> Inheritance? {
        fusion.applying(names).map { Inheritance(at: path, $0, since: self) }
    }

    /// What the schema says of a machine's definition, given what it was computed from.
    func unfit(_ definition: Map, of fused: Fused?) -> [Problem] {
        fused?.unfit(.map(definition), since: self, isResolved: true) ?? []
    }

    /// What was handed down at a key, and what is wrong with it.
    fileprivate var judged: (fused: Fused?, problems: [Problem]) { (fusion.definition, unfit) }
}

extension Fused {
    /// What the schema says of the value of a whole definition, of which what a folder hands down is judged already.
    ///
    /// - Parameter isResolved: whether the value's references are resolved; if not, what holds one is not judged.
    fileprivate func unfit(_ value: Value, since above: Inheritance?, isResolved: Bool) -> [Problem] {
        let known = above?.judged
        let unchanged = known?.problems.filter { problem in
            let keys = (problem.key?.keys ?? []).prefix(Fused.judgedLevels)
            let field = innermost(at: keys)
            return field === known?.fused?.innermost(at: keys) && !field.holdsReference
        }
        guard case .map(let changed) = part(of: value, since: known?.fused, isResolved, Fused.judgedLevels) else {
            return unchanged ?? []
        }
        return (unchanged ?? []) + Schema.problems(inComputed: changed)
    }

    /// How many levels of keys the schema judges each by itself: `vars.a` without `vars.b`, but `puppet.classes` whole.
    private static let judgedLevels = 2

    /// The part of a value that is not known, or that references made; nil if there is none.
    private func part(of value: Value, since known: Fused?, _ isResolved: Bool, _ levels: Int) -> Value? {
        if self === known, !holdsReference { return nil }
        guard levels > 0, let fields, case .map(let map) = value else {
            return isResolved || !holdsReference ? value : nil
        }
        let former = known?.fields ?? [:]
        var part: Map = [:]
        for (index, field) in fields.values.enumerated() {
            // What was handed down stands where it stood, unless something was taken away.
            if !field.holdsReference, index < former.count, former.values[index] === field { continue }
            let name = fields.keys[index]
            guard let inner = map[name] else { continue }
            part[name] = field.part(of: inner, since: former[name], isResolved, levels - 1)
        }
        return .map(part)
    }

    /// The value at a key, or the innermost one around it, such as the list that holds an element.
    func innermost(at keys: some Sequence<String>) -> Fused {
        var field = self
        for key in keys {
            guard let inner = field.fields?[key] else { break }
            field = inner
        }
        return field
    }
}
