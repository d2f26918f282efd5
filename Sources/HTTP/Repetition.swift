/// A request that differs from an earlier one of its connection by nothing but its path and `If-None-Match`: a GET without
/// body and query, every other header of which is the same, byte for byte.
///
/// What was found out about the earlier one from its headers holds for this one too. A view of libmicrohttpd's memory, for
/// the time of the call that it is passed to.
public struct Repetition: ~Copyable {
    /// The path as sent, still percent-encoded.
    public let path: UnsafeRawBufferPointer
    /// The value of `If-None-Match`, if it has one.
    public let tag: UnsafeRawBufferPointer?
    private let connection: OpaquePointer

    init(_ path: UnsafeRawBufferPointer, _ tag: UnsafeRawBufferPointer?, on connection: OpaquePointer) {
        self.path = path
        self.tag = tag
        self.connection = connection
    }

    /// Answers it. False if libmicrohttpd does not take that, and closes the connection.
    ///
    /// - Parameter answer: where one lies that stays until this has returned.
    public func send(_ answer: Answer.Place) -> Bool {
        answer.queue(on: connection)
    }
}

/// Answers repetitions of one request; called on the connection's worker thread, where it must not block.
///
/// Returns what `Repetition.send` did; nil if it sent nothing, and the handler is to be asked.
public typealias Recall = @Sendable (borrowing Repetition) -> Bool?
