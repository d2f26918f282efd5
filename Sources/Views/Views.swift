// Views: what each tool is told of a machine.
//
// What it does: pure functions from a `Subject`, which is a machine's computed definition with what was observed of
// it, to one tool's document: `ENC` and `Hiera` for Puppet, `Ansible` and `Inventory` for Ansible, `Pillar` for Salt.
// Each keeps out what its tool would misread, and names what it left out.
//
// What it may import: Tree, Cascade. No Foundation, no IO.
// Its errors: `Problem` values, for names that Ansible cannot hold together. A view itself does not fail.
// Concurrency: all types are immutable values.
// Not for: bytes, which Formats makes; deciding who may see what; remembering what was rendered.
public import Cascade
import OrderedCollections
import Tree

/// What a view is of: a machine's computed definition, and what is known of the machine besides.
public struct Subject: Sendable {
    public let computed: Computed
    public let facts: Facts

    public init(_ computed: Computed, _ facts: Facts) {
        self.computed = computed
        self.facts = facts
    }

    /// The variables of the definition.
    var variables: Map { self["vars"] }

    /// The map at a top-level key of the definition; empty if there is none.
    subscript(key: Key) -> Map { computed.definition[key]?.map ?? [:] }
}
