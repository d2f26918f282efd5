import Access
import Formats
import HTTP
import Tree

/// What `If-Match` and `If-None-Match` ask of an entry before it is written (RFC 9110 §13.1).
struct Precondition: Sendable {
    private let match: String?
    private let noneMatch: String?

    init(_ head: Head) {
        match = head.header("If-Match")
        noneMatch = head.header("If-None-Match")
    }

    /// Whether anything is asked.
    var isSet: Bool { match != nil || noneMatch != nil }

    /// Compares with the tag that a GET of the target has now.
    func check(_ target: Target, _ snapshot: Snapshot, _ standing: Standing) throws(ServiceError) {
        guard isSet else { return }
        let tags = Precondition.tags(of: target, snapshot, standing)
        if let match, !tags.contains(where: { Call.lists($0, in: match) }) { throw .stale(target.path) }
        if let noneMatch, tags.contains(where: { Call.lists($0, in: noneMatch) }) { throw .stale(target.path) }
    }

    /// The tags of the target as JSON and as YAML; none if it does not exist.
    private static func tags(of target: Target, _ snapshot: Snapshot, _ standing: Standing) -> [String] {
        guard standing.sees(target.path), let node = snapshot.tree[target.path] else { return [] }
        let value: Value =
            switch target {
            case .entry: .map(EntryDocument(node, snapshot, standing).map)
            case .common: .map(node.entry.definition)
            }
        return [Document.etag(of: JSON.encode(value) + [UInt8(ascii: "\n")]), Document.etag(of: YAML.encode(value))]
    }
}
