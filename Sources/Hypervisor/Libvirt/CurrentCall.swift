import Glibc

/// The call that a thread is doing, for which somebody may have ceased to wait: its deadline is over, or it was cancelled.
///
/// Kept with the thread (pthread_setspecific(3)) and not as a task-local value: no task does the call, and an optimised
/// build of Swift 6.3 crashes where a value is bound outside of tasks.
enum CurrentCall {
    private final class Wish {
        let isOpen: @Sendable () -> Bool

        init(isOpen: @escaping @Sendable () -> Bool) {
            self.isOpen = isOpen
        }
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    /// Whether somebody still waits for what this thread does.
    static func isWanted() -> Bool {
        guard let wish = pthread_getspecific(key) else { return true }
        return Unmanaged<Wish>.fromOpaque(wish).takeUnretainedValue().isOpen()
    }

    /// Fails if nobody waits for the call any more: what was reported as not done is not done later.
    static func proceed() throws(LibvirtError) {
        guard isWanted() else { throw givenUp }
    }

    static let givenUp = LibvirtError(.cancelled, "the call was given up")

    /// What comes of `body`, which goes on for as long as somebody waits for it.
    static func with<Answer>(
        _ isWanted: @escaping @Sendable () -> Bool, _ body: () throws(LibvirtError) -> Answer
    ) -> Result<Answer, LibvirtError> {
        let wish = Wish(isOpen: isWanted)
        let former = pthread_getspecific(key)
        pthread_setspecific(key, Unmanaged.passUnretained(wish).toOpaque())
        defer { pthread_setspecific(key, former) }
        return withExtendedLifetime(wish) { Result { () throws(LibvirtError) in try body() } }
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
