/// Why a secret could not be made.
public enum SecretsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system gives no random bytes.
    case noRandomness
    /// The memory that a password's hash needs is not there.
    case noMemory

    public var description: String {
        switch self {
        case .noRandomness:
            "no secret can be made: the system gives no random bytes; expected getrandom(2) or /dev/urandom to work"
        case .noMemory:
            "a password cannot be hashed: its 64 MiB of memory are not to be had; free memory and repeat the request"
        }
    }
}
