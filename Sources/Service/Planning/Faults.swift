import OrderedCollections
import Tree

/// What is wrong with a machine's definition, apart from which machine it is.
struct Faults: Documented {
    private let problems: [Problem]

    init(_ problems: [Problem]) {
        self.problems = problems.map { Problem(key: $0.key, layer: $0.layer, $0.message) }
    }

    var document: Map { ["problems": .list(problems.map { .map($0.document) })] }
}
