/// Names that would have been right where an unknown one stands, as far as one may know of them.
public struct Offer: Hashable, Sendable {
    /// The unknown name.
    private let name: Key
    /// The known ones, and the entries that each is from.
    private let names: [Key: Set<Path>]

    public init(insteadOf name: Key, of names: [Key: Set<Path>]) {
        self.name = name
        self.names = names
    }

    /// What may have been meant, for who sees some places only.
    func hint(_ sees: (Path) -> Bool) -> String {
        let known = names.filter { $0.value.contains(where: sees) }.keys.sorted()
        if let nearest = Spelling.nearest(to: name, among: known) { return "did you mean \"\(nearest)\"?" }
        return known.isEmpty
            ? "none is defined at this level or above" : "expected one of \(known.map(\.text).joined(separator: ", "))"
    }
}
