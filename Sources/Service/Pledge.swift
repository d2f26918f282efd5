import Dispatch
import Synchronization

/// A value that one thread gives and others wait for.
final class Pledge<Value: Sendable>: Sendable {
    private let given: Mutex<Value>
    private let isGiven = DispatchSemaphore(value: 0)

    /// - Parameter value: what it is until then.
    init(_ value: Value) {
        given = Mutex(value)
    }

    /// Gives the value; once.
    func keep(_ value: Value) {
        given.withLock { $0 = value }
        isGiven.signal()
    }

    /// The value; blocks until it is given.
    var value: Value {
        isGiven.wait()
        defer { isGiven.signal() }
        return given.withLock { $0 }
    }
}
