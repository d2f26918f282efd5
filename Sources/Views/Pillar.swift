import Cascade
public import OrderedCollections
public import Tree

/// The documents of Salt: a minion's pillar, and its states for `master_tops`.
public enum Pillar {
    /// The pillar: the variables, and `headwater`.
    public static func document(_ subject: Subject) -> Map {
        var pillar = subject.variables
        pillar["headwater"] = .map(subject.headwater)
        return pillar
    }

    /// The states, in the form that `ext_nodes` takes: `{"classes": [...], "environment": "base"}`.
    public static func top(_ subject: Subject) -> Map {
        [
            "classes": subject["salt"]["states"] ?? [],
            "environment": subject["salt"]["environment"] ?? "base",
        ]
    }
}
