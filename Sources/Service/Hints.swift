import Synchronization
import Tree

/// The machines that are looked at because something happened to them.
final class Hints: Sendable {
    /// Whether something happened to a machine since the look at it began.
    private let looks = Mutex<[EntryID: Bool]>([:])

    /// Notes that something happened to a machine.
    /// - Returns: whether a look at it is to begin; else one that is under way is to be repeated.
    func begin(_ id: EntryID) -> Bool {
        looks.withLock { looks in
            defer { looks[id] = looks[id] != nil }
            return looks[id] == nil
        }
    }

    /// Ends a look at a machine.
    /// - Returns: false if it is to be repeated.
    func end(_ id: EntryID, isDone: Bool) -> Bool {
        looks.withLock { looks in
            let isOver = isDone && looks[id] != true
            looks[id] = isOver ? nil : false
            return isOver
        }
    }
}
