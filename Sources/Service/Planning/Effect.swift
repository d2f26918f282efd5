import OrderedCollections
import Tree
import Views

/// What a change does to what tools are told of a machine.
struct Effect: Documented {
    enum Kind: String, Documented {
        case created
        case changed
        /// It stands elsewhere, and may have another certname.
        case moved
        /// It has another certname.
        case renamed
        case removed
        /// Removed, and its VM with it.
        case destroyed

        var document: Map { ["change": .string(rawValue)] }
    }

    let kind: Kind
    /// In the computed definition; of what goes none.
    let differences: [Difference]
    /// In each tool's document, beside what says where the machine stands, what it is called, and the revision.
    let documents: OrderedDictionary<View, [Difference]>

    var document: Map {
        [
            "change": .string(kind.rawValue), "differences": .list(differences.map(\.document)),
            "documents": .map(
                Map(
                    uniqueKeysWithValues: documents.map { view, differences in
                        (Key(view.rawValue), .list(differences.map(\.document)))
                    })),
        ]
    }
}
