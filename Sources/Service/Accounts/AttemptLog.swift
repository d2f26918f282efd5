import Logging

/// The one place that hears of attempts to come in: every refused one, and every accepted one that showed a password.
struct AttemptLog: Sendable {
    let log: Logger
    let auditor: Auditor

    func report(_ attempt: Attempt) {
        auditor.note(attempt)
        let who = attempt.claimed.map { " of \($0)" } ?? ""
        let outcome = attempt.wasAccepted ? "accepted" : "refused"
        let place = attempt.address.isEmpty ? "" : " from \(attempt.address)"
        let line: Logger.Message = "\(outcome) a \(attempt.way.rawValue)\(who)\(place)"
        // Whoever likes can send texts that are no tokens, as many as he likes; passwords are slowed down.
        if attempt.wasAccepted || attempt.way != .password { log.info(line) } else { log.notice(line) }
    }
}
