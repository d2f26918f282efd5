import Foundation
import FoundationNetworking
import OrderedCollections
import Tree

extension Failure {
    /// What a problem document (RFC 9457) says.
    init(refusal answer: Answer, _ settings: Settings) {
        let problem = answer.map
        let detail = problem["detail"]?.string ?? "the server answered \(answer.status)"
        let problems = problem["problems"]?.list?.compactMap(\.map) ?? []
        self.init(detail)
        answered = answer.status
        // A single problem is told by the detail already.
        if problems.count > 1 || !problems.allSatisfy({ detail.contains($0["detail"]?.string ?? "") }) {
            details = problems.map(Failure.line)
        }
        if let machines = problem["machines"]?.integer, machines > problems.count, problems.count > 1 {
            details.append("… and more: \(machines) machines in all")
        }
        switch answer.status {
        case 401: hint = Failure.tokenHint(settings)
        case 413: hint = "apply a subdirectory at a time"
        default: break
        }
    }

    /// `/courses/so/alice/web: hardware.memory (from /courses/so/common): expected a size, found a list`.
    static func line(_ problem: Map) -> String {
        var text = problem["path"]?.string ?? ""
        if let key = problem["key"]?.string { text += (text.isEmpty ? "" : ": ") + key }
        if let layer = problem["layer"]?.string, layer != problem["path"]?.string { text += " (from \(layer))" }
        return text + (text.isEmpty ? "" : ": ") + (problem["detail"]?.string ?? "")
    }

    private static func tokenHint(_ settings: Settings) -> String {
        guard let token = settings.token else {
            return "no token was found in " + settings.places.joined(separator: ", ")
        }
        return
            "the token came from \(token.origin); looked in, nearest first: \(settings.places.joined(separator: ", "))"
    }

    /// Why a server cannot be spoken with.
    init(unreachable settings: Settings, _ error: any Error) {
        let url = settings.url.absoluteString
        switch (error as? URLError)?.code {
        case .cannotConnectToHost:
            self.init(
                "no server answers at \(url)",
                hint:
                    "start one with `headwaterd serve` (in the project: `make serve`), or say where it is with --url or HEADWATER_URL"
            )
        case .cannotFindHost:
            self.init("\(url): the host is not known", hint: "say where the server is with --url or HEADWATER_URL")
        case .timedOut:
            self.init("\(url) did not answer in time")
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasUnknownRoot,
            .serverCertificateHasBadDate, .serverCertificateNotYetValid:
            self.init(
                "\(url): no trusted connection: \(error.localizedDescription)",
                hint: "name the authority that signed the server's certificate with ca= in the configuration file")
        default:
            self.init("\(url): \(error.localizedDescription)")
        }
    }
}
