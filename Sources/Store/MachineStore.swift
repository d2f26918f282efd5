public import Tree

/// What is known of the machines.
public protocol MachineStore: Sendable {
    /// Records what is known of an entry's machine, in place of what was recorded before.
    ///
    /// The record may outlive the entry: a machine can be left behind when its descriptor is reverted away.
    func save(machine record: Map, of id: EntryID) throws(StoreError)

    /// Forgets an entry's machine; nothing happens if none is recorded.
    func removeMachine(of id: EntryID) throws(StoreError)
}
