import Foundation
import OrderedCollections
import Tree

extension Failure {
    /// What a problem document (RFC 9457) says.
    init(refusal answer: Answer, _ settings: Settings) {
        guard answer.status != 401 else {
            self.init(unauthenticated: settings, answer.map["detail"]?.string)
            return
        }
        let problem = answer.map
        let detail = problem["detail"]?.string ?? "the server answered \(answer.status)"
        let conflicts = problem["conflicts"]?.maps ?? []
        let problems = problem["problems"]?.maps ?? conflicts
        self.init(detail)
        answered = answer.status
        path = problem["path"]?.string
        // The first problem is told by the detail already.
        let isFirstTold = problems.first.map { detail.contains($0["detail"]?.string ?? "") } ?? false
        details = problems.dropFirst(isFirstTold ? 1 : 0).map(Failure.line)
        if let machines = problem["machines"]?.integer, machines > problems.count, problems.count > 1 {
            details.append("… and more: \(machines) machines in all")
        }
        if !conflicts.isEmpty {
            hint = "nothing was written; write into the files what shall be, or say --ours to let them win"
        }
        if answer.status == 410, problem["oldest"] != nil { hint = "headwater history lists what there was" }
        if answer.status == 413 { hint = "apply a subdirectory at a time" }
    }

    /// `/courses/so/alice/web: hardware.memory (from /courses/so/common): expected a size, found a list`.
    static func line(_ problem: Map) -> String {
        var text = problem["path"]?.string ?? ""
        if let key = problem["key"]?.string { text += (text.isEmpty ? "" : ": ") + key }
        if let layer = problem["layer"]?.string, layer != problem["path"]?.string { text += " (from \(layer))" }
        return text + (text.isEmpty ? "" : ": ") + (problem["detail"]?.string ?? "")
    }

    /// The server does not know who asks.
    /// - Parameter detail: the server's own words.
    init(unauthenticated settings: Settings, _ detail: String?) {
        let url = settings.url.absoluteString
        let shown = settings.token.map { "\($0)" } ?? settings.trust.certificate.map { "the certificate \($0)" }
        self.init(
            shown.map { "\(url) does not accept \($0)" } ?? "\(url) asks for a token, and none was found",
            details: detail.map { [$0] } ?? [],
            hint: settings.token?.origin == settings.loginFile
                ? "headwater login begins anew, headwater logout forgets it"
                : "a token is looked for in, nearest first: \(settings.places.joined(separator: ", "))")
        answered = 401
    }

    /// Why a server cannot be spoken with.
    init(unreachable settings: Settings, _ error: TransferError) {
        let url = settings.url.absoluteString
        switch error.cause {
        case .refused:
            self.init(
                "no server answers at \(url)",
                hint:
                    "start one with `headwaterd serve` (in the project: `make serve`), or say where it is with --url or "
                    + "HEADWATER_URL")
        case .unknownHost:
            self.init("\(url): the host is not known", hint: "say where the server is with --url or HEADWATER_URL")
        case .timeout:
            self.init("\(url) did not answer in time")
        case .untrusted:
            self.init(
                "\(url): no trusted connection: \(error.text)",
                hint:
                    "the authority that signed the server's certificate is named with --cacert, or ca= in the configuration "
                    + "file; a certificate of one's own with --cert and --key, or cert= and key=")
        case .other:
            self.init("\(url): \(error.text)")
        }
    }
}
