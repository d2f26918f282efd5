/// The call that a thread is doing, for which somebody may have ceased to wait: its deadline is over, or it was cancelled.
enum CurrentCall {
    @TaskLocal static var isWanted: @Sendable () -> Bool = { true }

    /// Fails if nobody waits for the call any more: what was reported as not done is not done later.
    static func proceed() throws(LibvirtError) {
        guard isWanted() else { throw givenUp }
    }

    static let givenUp = LibvirtError(.cancelled, "the call was given up")

    /// What comes of `body`, which goes on for as long as somebody waits for it.
    static func with<Answer>(
        _ isWanted: @escaping @Sendable () -> Bool, _ body: () throws(LibvirtError) -> Answer
    ) -> Result<Answer, LibvirtError> {
        $isWanted.withValue(isWanted) { Result { () throws(LibvirtError) in try body() } }
    }
}

/// Makes a call that changes something on the hypervisor; throws if it fails, or if nobody waits for it any more.
func change(_ call: () -> CInt) throws(LibvirtError) {
    try CurrentCall.proceed()
    try check(call())
}

/// Makes a call that makes something on the hypervisor; throws if it fails, or if nobody waits for it any more.
func change(_ call: () -> OpaquePointer?) throws(LibvirtError) -> OpaquePointer {
    try CurrentCall.proceed()
    return try check(call())
}
