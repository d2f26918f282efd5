import Formats
import Hypervisor
import Lifecycle
import Store
import Tree

/// Why a request was not granted. How each becomes an answer stands in `ServiceError+Problem.swift`.
enum ServiceError: Error {
    /// The request itself cannot be understood.
    case badRequest(String)
    /// The body cannot be read.
    case malformed(FormatError)
    /// A body of a media type that nobody here reads.
    case unsupportedMedia(String)
    /// A definition, as written, is not one.
    case invalid([Problem])
    /// A change would break the computed definitions of machines: the first of them, and how many in all; of no machine, what
    /// folders hand down.
    case breaks([Problem], machines: Int)
    /// The machine's computed definition is broken.
    case broken(Path, [Problem])
    /// What is there does not go with what was asked for.
    case conflict(Path?, String)
    /// Two entries want one name.
    case clash(Clash)
    /// A revision cannot be reverted: what came later, and where.
    case inTheWay(Int, [Problem])
    /// What is to be written contradicts what came since the revision that it was taken from.
    case contradicts(Int, [Contradiction])
    /// A machine does not do that in its state.
    case refused(Path, Refusal)
    /// A key of a machine's definition cannot change in the machine's state.
    case frozen(Path, DottedPath, State, Need)
    /// A change would take an image away from disks that lean on it: the machines that have them.
    case leanedOn(Image, [Path])
    case missing(Path)
    /// There is no machine that tools know by that name.
    case unknownMachine(String)
    /// There is no such thing of another kind.
    case notFound(String)
    case unauthenticated
    /// What was shown is a token that let somebody in until this time, in milliseconds since 1970.
    case expired(Int)
    case forbidden(String)
    /// Attempts to come in follow each other too fast.
    case slower(seconds: Int)
    /// There is too much to do at the moment.
    case busy(String)
    /// The change does not do what its plan says.
    case outdated(Outdated)
    /// The precondition of `If-Match` does not hold.
    case stale(Path)
    /// A precondition where there is nothing to compare with.
    case unconditional(String)
    /// What was asked for is too long ago: the oldest revision that is kept.
    case compacted(String, oldest: Int)
    /// Nobody waits for the answer any more.
    case abandoned
    /// More was asked for than one request may do.
    case tooMany(String)
    case store(StoreError)
    case hypervisor(DriverError)
}

extension ServiceError {
    /// An operation has nothing left that could be cancelled.
    static func ended(_ operation: Operation) -> ServiceError {
        .conflict(operation.path, "operation \(operation.id) has ended: \(operation.state.rawValue)")
    }
}
