import OrderedCollections
import Tree

/// The texts of one level's definition, and of the prototypes in it, that hold references; and the flags that it sets.
struct ReferringTexts {
    private(set) var all: [Text] = []
    private(set) var flags: [CodeFlag] = []

    /// Those whose values need trust.
    var trusted: [Text] { all.filter { Schema.needsTrust($0.key.keys) } }

    struct Text {
        /// Where it stands in its own definition; of a list's element, where the list does.
        let key: DottedPath
        let parts: [Reference.Part]

        /// What its references lead to.
        var targets: [DottedPath] {
            parts.compactMap { if case .reference(let target) = $0 { target } else { nil } }
        }

        /// What its reference leads to, if it is nothing else.
        var only: DottedPath? { parts.count == 1 ? targets.first : nil }
    }

    init(_ definition: Map) {
        take(definition)
        for case .map(let prototype) in (definition["prototypes"]?.map ?? [:]).values { take(prototype) }
    }

    private mutating func take(_ definition: Map) {
        for (name, value) in definition where Schema.classes[name] != .cascade && name != "prototypes" {
            take(value, at: [name])
        }
        for flag in CodeFlag.allCases where !flags.contains(flag) && flag.isSet(in: definition) { flags.append(flag) }
    }

    private mutating func take(_ value: Value, at key: DottedPath) {
        switch value {
        case .string(let text):
            guard Reference.isHeld(by: text), let parts = try? Reference.parts(of: text) else { return }
            all.append(Text(key: key, parts: parts))
        case .list(let elements): for element in elements { take(element, at: key) }
        case .map(let map): for (name, inner) in map { take(inner, at: key + name) }
        case .null, .bool, .integer, .float: break
        }
    }
}

extension Layer {
    /// Whether others at this level and above have a say in what its values that need trust come to, or in the code that
    /// it lets through.
    var hasTrustDependencies: Bool {
        if holdsReference {
            let texts = ReferringTexts(definition)
            return !texts.flags.isEmpty || !texts.trusted.isEmpty
        }
        return CodeFlag.allCases.contains { flag in
            func isSet(_ definition: Value?) -> Bool { definition?.map.map(flag.isSet) ?? false }
            return self[flag.tool].map { flag.isSet(in: [flag.tool: $0]) } ?? false
                || self["prototypes"]?.map?.values.contains { isSet($0) } ?? false
        }
    }
}
