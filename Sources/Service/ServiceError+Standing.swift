import Access
import Tree

extension ServiceError {
    /// The error without what somebody may not view.
    ///
    /// What a request did is judged as a whole; what is told of it is told entry by entry.
    func seen(by standing: Standing) -> ServiceError {
        switch self {
        case .breaks(let problems, let machines):
            let seen = problems.filter { $0.path.map(standing.sees) ?? true }
            let told = seen.map { $0.seen(standing.sees) }
            return .breaks(told, machines: seen.count == problems.count ? machines : min(machines, seen.count))
        case .broken(let path, let problems):
            return .broken(path, problems.map { $0.seen(standing.sees) })
        case .clash(let clash):
            let problem = clash.problem(for: standing)
            return .conflict(problem.path, problem.description)
        case .leanedOn(let image, let paths):
            return .leanedOn(image, paths.filter(standing.sees))
        case .badRequest, .malformed, .unsupportedMedia, .invalid, .conflict, .inTheWay, .contradicts,
            .unconditional, .compacted, .refused, .frozen,
            .missing, .unknownMachine, .notFound, .unauthenticated, .expired, .forbidden, .slower, .busy, .stale,
            .outdated,
            .tooMany, .abandoned, .store,
            .hypervisor:
            return self
        }
    }

    /// The error as it is kept for whoever reads it later: without names that only some may know.
    var forAnybody: ServiceError {
        guard case .broken(let path, let problems) = self else { return self }
        return .broken(path, problems.map { $0.seen { _ in false } })
    }
}
