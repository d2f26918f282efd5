import Access
import Tree

extension ServiceError {
    /// The error without what somebody may not view.
    ///
    /// What a request did is judged as a whole; what is told of it is told entry by entry.
    func seen(by standing: Standing) -> ServiceError {
        switch self {
        case .breaks(let problems, _):
            let seen = problems.filter { $0.path.map(standing.sees) ?? true }
            return seen.count == problems.count ? self : .breaks(seen, machines: seen.count)
        case .clash(let clash):
            let problem = clash.problem(for: standing)
            return .conflict(problem.path, problem.description)
        case .leanedOn(let image, let paths):
            return .leanedOn(image, paths.filter(standing.sees))
        case .badRequest, .malformed, .unsupportedMedia, .invalid, .broken, .conflict, .inTheWay, .contradicts,
            .unconditional, .compacted, .refused, .frozen,
            .missing, .unknownMachine, .notFound, .unauthenticated, .forbidden, .slower, .busy, .stale, .outdated,
            .tooMany, .store,
            .hypervisor:
            return self
        }
    }
}
