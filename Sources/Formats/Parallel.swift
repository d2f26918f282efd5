import Dispatch
import Synchronization

/// Work on all cores: JSON, not SQLite, is what takes time when many entries are read or written.
package enum Parallel {
    /// The results of `transform` in the elements' order, or the first error by that order.
    ///
    /// - Parameter chunk: how many elements one core takes at a time.
    package static func map<Element: Sendable, Value: Sendable, Failure: Error>(
        _ elements: [Element], atATime chunk: Int = 256, _ transform: @Sendable (Element) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        guard elements.count > chunk else { return try elements.map(transform) }
        let starts = Array(stride(from: 0, to: elements.count, by: chunk))
        let results = Mutex([Int: Result<[Value], Failure>]())
        DispatchQueue.concurrentPerform(iterations: starts.count) { index in
            let part = elements[starts[index]..<min(starts[index] + chunk, elements.count)]
            let result = Result { () throws(Failure) in try part.map(transform) }
            results.withLock { $0[index] = result }
        }
        let parts = results.withLock { $0 }
        var values: [Value] = []
        values.reserveCapacity(elements.count)
        for index in starts.indices { values += try parts[index]?.get() ?? [] }
        return values
    }
}
