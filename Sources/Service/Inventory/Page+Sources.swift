import Cascade
import HashTreeCollections
import Tree
import Views

extension Page {
    /// What a page is made of.
    struct Sources: Sendable {
        /// Which variables are written.
        let which: Ansible.Variables
        let inheritance: Inheritance
        private let machines: Batch.Machines
        /// Of all machines: a persistent value, which costs nothing to hold and little to compare with a later one.
        private let records: TreeDictionary<EntryID, Record>

        init(_ which: Ansible.Variables, _ batch: Batch, in snapshot: Snapshot) {
            self.which = which
            inheritance = batch.inheritance
            machines = batch.machines
            records = snapshot.records
        }

        /// Whether they are the same objects, and the same is known of the machines.
        func areSame(as other: Sources) -> Bool { inheritance === other.inheritance && haveMachines(of: other) }

        /// Whether they are the same but for what the folder hands down.
        func haveMachines(of other: Sources) -> Bool {
            which == other.which && machines.areSame(as: other.machines) && haveRecords(of: other)
        }

        private func haveRecords(of other: Sources) -> Bool {
            records == other.records || machines.entries.allSatisfy { records[$0.id] == other.records[$0.id] }
        }
    }
}
