/// Where libcurl brings what arrives.
final class Sink {
    private let take: (UnsafeRawBufferPointer) -> Void

    init(_ take: @escaping (UnsafeRawBufferPointer) -> Void) {
        self.take = take
    }

    func take(_ bytes: UnsafeRawBufferPointer) { take(bytes) }
}

/// CURLOPT_WRITEFUNCTION(3): anything but the number of bytes ends the transfer. `context` is a `Sink`.
func onBytes(_ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let context else { return 0 }
    // Of one byte each, says the manual.
    Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().take(UnsafeRawBufferPointer(start: bytes, count: count))
    return count
}
