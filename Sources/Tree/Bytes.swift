/// Texts are told apart by their bytes.
///
/// Swift equates strings that Unicode takes for the same character: "é" written as one scalar and as two, the Kelvin sign
/// and "K". To tools and files they differ, and so they do in definitions.
extension String {
    /// Whether both are of the same bytes.
    public func hasBytes(of other: String) -> Bool {
        let (one, another) = (utf8, other.utf8)
        return one.withContiguousStorageIfAvailable { one in
            another.withContiguousStorageIfAvailable { one.isEqual(to: $0) }
        }.flatMap { $0 } ?? one.elementsEqual(another)
    }

    /// Whether the other text begins with the bytes of this one.
    public func isPrefix(of other: String) -> Bool { other.utf8.starts(with: utf8) }

    /// Feeds the bytes, and an end that is in no text.
    func hashBytes(into hasher: inout Hasher) {
        var text = self
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether both hold the same bytes, compared by words of eight.
    fileprivate func isEqual(to other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let (one, another) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        var index = 0
        while count - index >= 8 {
            guard
                one.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    == another.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            else { return false }
            index += 8
        }
        while index < count {
            guard one[index] == another[index] else { return false }
            index += 1
        }
        return true
    }
}
