/// The bytes of an answer: immutable, written once when made, and then shared with every connection that sends them.
public final class Body: Sendable {
    /// Never written after `init`; hence safe to read from any thread.
    nonisolated(unsafe) let start: UnsafeMutableRawPointer
    /// In bytes.
    public let count: Int

    /// No bytes at all.
    public static let empty = Body([])

    /// A copy of some bytes.
    public convenience init(_ bytes: some Collection<UInt8>) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    /// - Parameter write: has to write all of the bytes that it is given to write to.
    public init(count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        self.count = count
        start = .allocate(byteCount: max(count, 1), alignment: 1)
        write(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    /// The text's UTF-8.
    public convenience init(_ text: String) {
        self.init(text.utf8)
    }

    deinit {
        start.deallocate()
    }

    /// A copy of the bytes.
    public var bytes: [UInt8] {
        Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
