import Cascade
public import OrderedCollections
public import Tree

/// The document of Puppet's external node classifier: classes, top-scope variables, environment.
///
/// Source: Puppet's reference, "Writing external node classifiers"; the reserved names were found with Puppet 7.23.
public enum ENC {
    /// The document: `classes`, `parameters`, and `environment` if the definition sets one.
    public static func document(_ subject: Subject) -> Map {
        var parameters = subject.variables.filter { refusal(of: $0.key) == nil }
        parameters["headwater"] = .map(subject.headwater)
        var document: Map = [
            "classes": .map(classes(subject["puppet"]["classes"])), "parameters": .map(parameters),
        ]
        document["environment"] = subject["puppet"]["environment"]
        return document
    }

    /// The variables that are no parameters. Hiera has them all the same.
    public static func omissions(_ subject: Subject) -> [Omission] {
        subject.variables.keys.compactMap { name in
            refusal(of: name).map { Omission(["vars", name], $0) }
        }
    }

    /// The classes with their parameters: a list becomes a map of empty maps, which Puppet reads as the same.
    private static func classes(_ value: Value?) -> Map {
        switch value {
        case .list(let names):
            names.reduce(into: [:]) { classes, name in name.string.map { classes[$0] = .map([:]) } }
        case .map(let classes):
            classes.mapValues { .map($0.map ?? [:]) }
        default:
            [:]
        }
    }

    private static func refusal(of name: Key) -> String? {
        guard isVariable(name) else {
            return "no Puppet variable is called so; expected [a-z_][a-zA-Z0-9_]*. Hiera serves it"
        }
        return reserved.contains(name) ? "Puppet sets $\(name) itself. Hiera serves it" : nil
    }

    /// Names that make Puppet fail the node, or that vanish without a word.
    static let reserved: Set<Key> = [
        "environment", "trusted", "facts", "server_facts", "name", "title", "module_name", "clientcert",
    ]

    /// `\A[a-z_][a-zA-Z0-9_]*\z` (Puppet language: reserved words and acceptable names).
    private static func isVariable(_ name: Key) -> Bool {
        guard let first = name.utf8.first, Identifier.isLower(first) || first == UInt8(ascii: "_") else { return false }
        return Identifier.isWord(name.text)
    }
}
