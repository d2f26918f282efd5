import Cascade
import Tree
import Views

extension Page {
    /// What a page is made of.
    struct Sources: Sendable {
        /// Which variables are written.
        let which: Ansible.Variables
        let inheritance: Inheritance
        private let entries: [Entry]
        private let records: [Record]

        init(_ which: Ansible.Variables, _ batch: Batch, in snapshot: Snapshot) {
            self.which = which
            inheritance = batch.inheritance
            entries = batch.entries
            records = batch.entries.map(snapshot.record)
        }

        /// Whether they are the same objects, and the same is known of the machines.
        func areSame(as other: Sources) -> Bool { inheritance === other.inheritance && haveMachines(of: other) }

        /// Whether they are the same but for what the folder hands down.
        func haveMachines(of other: Sources) -> Bool {
            which == other.which && entries.count == other.entries.count
                && zip(entries, other.entries).allSatisfy { $0.layer === $1.layer } && records == other.records
        }
    }
}
