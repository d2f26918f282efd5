import OrderedCollections
public import Tree

/// Why a definition has a value at a key, or has none: who says so, and what others said.
public struct Explanation: Sendable {
    public let key: DottedPath
    /// The value as it is served; nil if no layer gives one, or if a reference in it leads nowhere.
    public let value: Value?
    /// What the layers made of it, references unresolved; nil if none gives a value.
    public let origin: Fused?
    /// What nearer layers replaced here, the nearest first.
    public let overrode: [Override]
    /// What `unset` took away here, the nearest first.
    public let removals: [Removal]
    /// Where the references in it lead, in the order in which they stand.
    public let leads: [Lead]
    /// Why there is no value, as a sentence; nil if a layer gives one.
    public let absence: String?

    /// Something that a nearer layer replaced.
    public struct Override: Sendable {
        /// The key itself, or one around it whose value was replaced as a whole.
        public let key: DottedPath
        public let layer: Layer
        public let value: Value
    }

    /// Where one reference leads.
    public struct Lead: Sendable {
        public let key: DottedPath
        /// Nil if it leads nowhere.
        public let value: Value?
        /// The layer that gives what stands there; nil for what `self` names.
        public let layer: Layer?
        /// Where the references in that lead on; told at the first mention of a key only.
        public let leads: [Lead]
    }
}

extension Computed {
    /// Explains what stands at a key and below, value by value; with no key, all there is, and what `unset` took away
    /// for good. A key that has no value gets one explanation, which says why.
    public func explanations(of key: DottedPath = []) -> [Explanation] {
        var explainer = Explainer(
            fields: fields, removals: removals, definition: .map(definition), isResolved: true
        ) { path.builtIn($0) ?? ($0.keys == ["self", "certname"] ? .string(certname) : nil) }
        return explainer.explanations(of: key)
    }
}

extension Inheritance {
    /// Explains what a folder hands down, references unresolved, as ``Computed/explanations(of:)`` does for a machine.
    public func explanations(of key: DottedPath = []) -> [Explanation] {
        var explainer = Explainer(
            fields: fields, removals: removals, definition: .map(fields.mapValues(\.value)), isResolved: false
        ) { _ in nil }
        return explainer.explanations(of: key)
    }
}
