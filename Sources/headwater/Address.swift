import Foundation
import Tree

/// What a request asks for: the path and the query of a URL.
struct Address {
    /// Percent-encoded, from the slash after the server's URL.
    let text: String

    private init(text: String) {
        self.text = text
    }

    /// - Parameter segments: what stands between the slashes, unencoded.
    /// - Parameter query: what is nil is left out.
    init(_ segments: [String], _ query: KeyValuePairs<String, String?> = [:]) {
        self = Address(text: segments.reduce(into: "") { $0 += "/" + Address.encoded($1) }).adding(query)
    }

    /// The same with more in its query; what is nil is left out.
    func adding(_ query: KeyValuePairs<String, String?>) -> Address {
        let items = query.compactMap { name, value in value.map { "\(Address.encoded(name))=\(Address.encoded($0))" } }
        return items.reduce(self) { Address(text: $0.text + ($0.text.contains("?") ? "&" : "?") + $1) }
    }

    /// An entry, or a folder's common, in the tree.
    static func tree(_ target: Target, _ query: KeyValuePairs<String, String?> = [:]) -> Address {
        Address(["v1", "tree"] + (target.segments.isEmpty ? [""] : target.segments), query)
    }

    /// What is done to an entry: `/v1/tree/courses/so:start`.
    static func tree(_ path: Path, verb: String, _ query: KeyValuePairs<String, String?> = [:]) -> Address {
        let last = (path.segments.last ?? "") + ":" + verb
        return Address(["v1", "tree"] + path.segments.dropLast() + [last], query)
    }

    /// RFC 3986 §2.3, and the colon, which may stand in a segment (§3.3).
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:")
}
