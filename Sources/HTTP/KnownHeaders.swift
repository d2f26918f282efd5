import CMicroHTTPD
import Glibc

/// The headers of a request that was answered, and what answers those that repeat it.
///
/// Clients send the same headers with each request of a connection. To see that takes less than to copy them, to find the
/// end of the request by them, and to find out from them who asks and for what.
final class KnownHeaders: Sendable {
    let recall: Recall
    /// Names and values in the order sent, but for `If-None-Match`.
    private let memory: FieldMemory
    /// How long a path and a tag can be before the head is too large.
    private let room: Int

    /// - Parameter room: bytes of a head that these headers leave.
    init(_ fields: Fields, room: Int, _ recall: @escaping Recall) {
        self.recall = recall
        self.room = room
        var memory = FieldMemory(capacity: 0)
        fields.forEachHeader { name, value in
            if !name.isName(KnownHeaders.tag) { memory.append(isHeader: true, name: name, value: value) }
        }
        self.memory = memory
    }

    deinit {
        memory.free()
    }

    /// Holds a request's headers against the known ones, one after the other.
    struct Comparison {
        fileprivate var rest: FieldMemory.Iterator
        fileprivate var tag: UnsafeRawBufferPointer?
        fileprivate var isSame = true

        /// Takes the request's next field; false if it is none that was to come.
        mutating func take(
            _ kind: MHD_ValueKind, name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer
        ) -> Bool {
            isSame = kind == .HEADER_KIND && (takeNext(name, value) || takeTag(name, value))
            return isSame
        }

        private mutating func takeNext(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
            var rest = rest
            guard let known = rest.next(), known.name.isSame(as: name), known.value.isSame(as: value) else {
                return false
            }
            self.rest = rest
            return true
        }

        private mutating func takeTag(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) -> Bool {
            guard tag == nil, name.isName(KnownHeaders.tag) else { return false }
            tag = value.withoutSpaceAtEnd
            return true
        }
    }

    /// What a request has of its own that has these headers: the value of `If-None-Match`, if it has one. As long as the
    /// request.
    struct Match {
        let tag: UnsafeRawBufferPointer?
    }

    /// Nil if a request does not repeat the one of these headers. To be called on the connection's worker.
    func match(_ request: Request) -> Match? {
        guard strcmp(request.method, "GET") == 0 else { return nil }
        var comparison = Comparison(rest: memory.makeIterator())
        withUnsafeMutablePointer(to: &comparison) { headwater_each_field(request.connection, onKnownField, $0) }
        return comparison.isSame && comparison.rest.next() == nil ? Match(tag: comparison.tag) : nil
    }

    /// Whether its head is not too large.
    func hasRoom(for repetition: borrowing Repetition) -> Bool {
        repetition.path.count + (repetition.tag?.count ?? 0) <= room
    }

    private static let tag: StaticString = "If-None-Match"
}
