import ArgumentParser
import OrderedCollections
import Tree

/// What is told of a machine: to people its computed definition, to each tool a document.
enum MachineDocument: String, ExpressibleByArgument, CaseIterable {
    case computed
    case enc
    case hiera
    case ansible
    case pillar
    case top

    /// Asks for it, as of a revision; nil is the newest.
    func of(_ path: Path, at revision: String?, _ client: Client) async throws(Failure) -> Value {
        guard self != .computed else {
            let segments = path.isRoot ? [""] : path.segments
            return try await client.get(Address(["v1", "computed"] + segments, ["at": revision])).value
        }
        let certname = try await client.certname("\(path)", at: revision)
        return try await client.get(Address(segments + [certname], ["at": revision])).value
    }

    /// What is different, beside the revision that a document comes from.
    func differences(from old: Value, to new: Value) -> [Difference] {
        Difference.between(old, new, orderFrom: 1).filter {
            self == .computed || $0.key.keys.suffix(2) != ["headwater", "revision"]
        }
    }

    private var segments: [String] {
        switch self {
        case .computed: ["v1", "computed"]
        case .enc: ["enc"]
        case .hiera: ["hiera"]
        case .ansible: ["ansible", "hosts"]
        case .pillar: ["pillar"]
        case .top: ["salt", "top"]
        }
    }
}
