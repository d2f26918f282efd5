import OrderedCollections
import Tree

/// A machine of a folder that says nothing itself but which prototypes it has.
///
/// Most machines beside it differ from it only in data that nothing hangs on. What is found of it is true of them too,
/// so that they need not be computed to be checked.
public final class Exemplar: Sendable {
    public let computed: Computed
    /// Where references stand and lead to.
    private let touched: [Key: Touched]
    /// How many characters a certname has beside the labels of the path.
    private let suffix: Int

    /// What references have to do with at a top-level key, or below it.
    fileprivate enum Touched {
        case whole
        case keys(Set<Key>)
    }

    /// Those that have a say in a machine's name, or in what becomes of other keys.
    private static let telling: Set<Key> = ["certname", "domain", "merge", "prototypes", "unset"]

    /// Nil if machines that say no more may still differ: if something is wrong, or a reference leaves it to a machine's
    /// path what stands where not every value fits.
    ///
    /// - Parameters:
    ///   - inheritance: what the folder hands down to those who have the same prototypes.
    ///   - path: of any machine among them.
    init?(_ inheritance: Inheritance, at path: Path) {
        guard inheritance.fields["certname"] == nil, inheritance.fusion.misfits.isEmpty else { return nil }
        var touched: [Key: Touched] = [:]
        for (name, field) in inheritance.fields where field.holdsReference {
            guard name == Schema.free, let fields = field.fields else { return nil }
            for (key, inner) in fields where inner.holdsReference {
                touched.insert([name, key])
                for target in inner.targets { touched.insert(target) }
            }
        }
        for name in touched.keys where inheritance.replaces(name) { touched[name] = .whole }
        let computed = inheritance.computed(inheritance.fusion, at: path)
        guard computed.problems.isEmpty,
            // Each character that a path brought in here may be as many as a name has elsewhere.
            computed.weight <= Resolution.heaviest / Computed.longestCertname
        else { return nil }
        self.computed = computed
        self.touched = touched
        suffix = computed.certname.utf8.count - path.hostname.utf8.count
    }

    /// Whether the machine beside this one that `local` is the definition of differs from it in data only.
    func standsIn(for local: Map, at path: Path, sharing keys: Set<Key>) -> Bool {
        local.allSatisfy { name, value in
            guard !Exemplar.telling.contains(name), !keys.contains(name) else { return false }
            switch touched[name] {
            case nil: return true
            case .whole: return false
            case .keys(let keys): return value.map.map { !$0.keys.contains(where: keys.contains) } ?? false
            }
        } && path.hostname.utf8.count + suffix <= Computed.longestCertname
    }
}

extension [Key: Exemplar.Touched] {
    fileprivate mutating func insert(_ place: DottedPath) {
        guard let name = place.keys.first, name != "self" else { return }
        guard place.keys.count > 1 else { return self[name] = .whole }
        // Taken out while it grows, so that it is not copied.
        switch self[name].take() {
        case .whole: self[name] = .whole
        case .keys(var keys):
            keys.insert(place.keys[1])
            self[name] = .keys(keys)
        case nil: self[name] = .keys([place.keys[1]])
        }
    }
}
