import Access

/// What a route asks of the one who calls, before its handler hears of the call.
///
/// Every route declares one. A caller whom nobody knows gets 401, one who may not view the place that the path names gets
/// the 404 of what does not exist, one who may view it and lacks the right gets 403.
enum Rule: Hashable, Sendable {
    /// Nothing: no token is needed.
    case anybody
    /// To be known. What the caller may not view, the handler leaves out: `Call.sees(_:)`.
    case known
    /// Rights at the entry that `{path...}` or `{certname}` names; at the root if the route names none.
    case may(Rights)
    /// To view the entry that `{path...}` names, or something below it.
    case finds
    /// To view the entry that `{path...}` names. What is written, there and elsewhere, the writer judges entry by entry.
    case writes
    /// To view the place that `{path...}` names, or to be about to if nothing hidden stood there. What is written, there and
    /// elsewhere, the writer judges entry by entry.
    case puts
    /// To view everything, server-wide: what counts all that there is betrays what it counts.
    case seesEverything
    /// To be allowed everything, server-wide.
    case superuser
}
