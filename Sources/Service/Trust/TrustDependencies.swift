import Cascade
import OrderedCollections
import Tree

/// What the values that need trust at one level depend on: what their references lead to, and the references there, as far
/// as this level and those above it say it.
///
/// Nearer levels have no part in it: a machine is broken if what they say reaches such a value.
struct TrustDependencies {
    /// What depends on others' values.
    enum Dependent: Hashable {
        /// The value at a key.
        case value(DottedPath)
        /// A text that a flag lets through as code.
        case code(CodeFlag)
    }

    /// What references lead to, each with what depends on it.
    private var dependents: OrderedDictionary<DottedPath, Dependent> = [:]
    /// The flags that the level sets.
    private(set) var flags: [CodeFlag] = []

    /// How long keys grow where references lead through references; longer ones stand for all that is below them.
    private static let longestKey = 64

    /// - Parameter levels: the texts of the levels from the root to the one that the values are of.
    init(_ levels: [ReferringTexts]) {
        guard let own = levels.last else { return }
        flags = own.flags
        var open: [(target: DottedPath, dependent: Dependent)] = own.trusted.flatMap { text in
            text.targets.map { ($0, .value(text.key)) }
        }
        for flag in flags {
            for text in levels.lazy.flatMap(\.all) where flag.lets(text.parts, at: text.key) {
                open += text.targets.map { ($0, .code(flag)) }
            }
        }
        while let (target, dependent) = open.popLast() {
            guard target.keys.first != "self", dependents[target] == nil else { continue }
            dependents[target] = dependent
            for text in levels.lazy.flatMap(\.all) where text.key.overlaps(target) {
                let rest = target.keys.dropFirst(text.key.keys.count)
                if let next = text.only, !rest.isEmpty, target.keys.count < Self.longestKey {
                    open.append((DottedPath(keys: next.keys + rest), dependent))
                } else {
                    open += text.targets.map { ($0, dependent) }
                }
            }
        }
    }

    /// What depends on what stands at a key; nil if nothing does.
    func dependent(on key: DottedPath) -> Dependent? {
        dependents.first { $0.key.overlaps(key) }?.value
    }
}
