/// Why a command did not do what was asked, as people read it.
struct Failure: Error, Hashable {
    /// What was refused or failed.
    var message: String
    /// What else there is to know, a line each.
    var details: [String] = []
    /// What would help.
    var hint: String?
    /// The exit status.
    var status = Failure.refused
    /// The status of the server's answer that says so; nil if there was none.
    var answered: Int?
    /// The entry that the server's answer is about.
    var path: String?

    static let refused: Int32 = 1
    static let usage: Int32 = 2
    static let interrupted: Int32 = 130

    init(_ message: String, details: [String] = [], hint: String? = nil, status: Int32 = Failure.refused) {
        self.message = message
        self.details = details
        self.hint = hint
        self.status = status
    }

    /// Several in one, with the status of the first; nil: there are none.
    init?(merging failures: [Failure]) {
        guard var merged = failures.first else { return nil }
        for failure in failures.dropFirst() {
            merged.details += [failure.message] + failure.details
            merged.hint = merged.hint ?? failure.hint
        }
        self = merged
    }

    /// The same, with another line.
    func adding(_ detail: String) -> Failure {
        var failure = self
        failure.details.append(detail)
        return failure
    }

    /// All of it, without what could steer a terminal.
    var text: String {
        var lines = ["headwater: \(message)"]
        lines += details.map { "  \($0)" }
        if let hint { lines.append("hint: \(hint)") }
        return lines.map(Terminal.printable).joined(separator: "\n")
    }
}
