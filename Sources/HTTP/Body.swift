import Synchronization

/// The bytes of an answer: immutable, copied once when made, and then shared with every connection that sends them.
///
/// A body that is sent again with the same headers costs little: it keeps the answer it was last sent as, some hundred
/// bytes.
public final class Body: Sendable {
    let storage: Bytes
    private let answer = Mutex<Answer?>(nil)

    /// No bytes at all.
    public static let empty = Body([])

    public init(_ bytes: some Collection<UInt8>) {
        storage = Bytes(bytes)
    }

    /// The text's UTF-8.
    public convenience init(_ text: String) {
        self.init(text.utf8)
    }

    /// In bytes.
    public var count: Int { storage.count }

    /// A copy of the bytes.
    public var bytes: [UInt8] {
        Array(UnsafeRawBufferPointer(start: storage.start, count: storage.count))
    }

    /// The answer that has these headers and this body; nil if there is no memory for it.
    func answer(_ headers: [(name: String, value: String)]) -> Answer? {
        // What is empty goes with many headers, so there is little hope in keeping it.
        guard count > 0 else { return Answer(storage, headers) }
        return answer.withLock { answer in
            if answer?.has(headers) != true { answer = Answer(storage, headers) }
            return answer
        }
    }
}
