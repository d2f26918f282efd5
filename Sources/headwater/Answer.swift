import Formats
import Foundation
import OrderedCollections
import Tree

/// What the server answered.
struct Answer {
    let status: Int
    /// The document; null if there is none.
    let value: Value
    /// The tree's revision that the answer was made from.
    let revision: Int?
    /// The tag of the document that a GET answered, for `If-Match`.
    let tag: String?
    /// What the server warns of, such as machines that are left out.
    let warning: String?

    /// The server's documents can be as large as its tree.
    private static let limits = Limits(depth: Limits.maximumDepth, nodes: 50_000_000, bytes: 1 << 30)

    init(_ response: Response, _ bytes: [UInt8], _ settings: Settings) throws(Failure) {
        status = response.status
        revision = response.fields["x-headwater-revision"].flatMap { Int($0) }
        tag = response.fields["etag"]
        warning = response.fields["warning"].map(Answer.text(of:))
        guard !bytes.isEmpty else {
            value = .null
            return
        }
        do {
            value = try JSON.decode(bytes, limits: Answer.limits)
        } catch {
            let type = response.fields["content-type"] ?? "no content type"
            throw Failure(
                "\(settings.url.absoluteString) answered \(status) with \(type), which is no answer of Headwater's",
                hint: "see whether the URL leads to a headwaterd: --url, HEADWATER_URL")
        }
    }

    var map: Map { value.map ?? [:] }

    /// The quoted text of a warning: `199 headwater "text"` (RFC 7234 §5.5).
    private static func text(of warning: String) -> String {
        guard let open = warning.firstIndex(of: "\""), let close = warning.lastIndex(of: "\""), open < close else {
            return warning
        }
        return String(warning[warning.index(after: open)..<close])
    }
}
