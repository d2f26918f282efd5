/// Memory that is written once, and freed when nobody has a use for it any more.
final class Bytes: Sendable {
    /// Never written after `init`; hence safe to read from any thread.
    nonisolated(unsafe) let start: UnsafeMutableRawPointer
    let count: Int

    init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        start = .allocate(byteCount: max(count, 1), alignment: 1)
        UnsafeMutableRawBufferPointer(start: start, count: count).copyBytes(from: bytes)
    }

    deinit {
        start.deallocate()
    }
}
