import OrderedCollections
import Tree

/// What is wrong with a machine's definition, apart from which machine it is.
struct Faults: Documented {
    private let problems: [Problem]

    /// - Parameter sees: whether a place may be told of.
    init(_ problems: [Problem], _ sees: (Path) -> Bool) {
        self.problems = problems.map { $0.seen(sees).of(nil) }
    }

    var document: Map { ["problems": .list(problems.map { .map($0.document) })] }
}
