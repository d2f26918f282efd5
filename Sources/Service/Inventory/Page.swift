import Cascade
import Secrets
import Tree
import Views

/// The variables of machines that stand side by side in one folder, as JSON.
///
/// What they have as their folder hands it down is held once, in runs, apart from what is each host's own: a page is
/// written by copying one after the other.
final class Page: Sendable {
    /// What is the hosts' own, their names included.
    struct Own: Sendable {
        /// Of all hosts, one after the other.
        var bytes: [UInt8] = []
        var joints: [Joint] = []
        /// The revision of each host's own layer.
        var revisions: [Int] = []
    }

    /// Where a piece of what is the hosts' own ends, and what follows it.
    struct Joint: Sendable {
        let end: Int
        let next: Next
    }

    enum Next: Sendable {
        /// The name of the next host.
        case host
        /// Its variables.
        case variables
        /// Those that the folder hands down one after the other: a run, by its number.
        case run(Int)
        /// The newest revision among the host's layers, in digits.
        case revision
        case end
    }

    /// What all hosts have from their folder.
    struct Shared: Sendable {
        /// The names of the variables that every host has as they are handed down; nil if one shares nothing.
        let variables: Set<Key>?
        /// The hosts' ``Ansible/codeLevel(_:)``.
        let codeLevel: Int?
        /// What is handed down, as it is written.
        let runs: [Run]
    }

    /// What stands around a host's name and after its variables.
    struct Frame: Sendable {
        let before: StaticString
        let between: StaticString
        let after: StaticString
    }

    /// What it was made of.
    let sources: Sources
    let roll: Roll
    private let own: Own
    private let ownDigest: [UInt8]
    private let shared: Shared
    /// The revision of what is handed down, in digits: most hosts' newest.
    private let revision: [UInt8]
    /// A digest of all that is written.
    let digest: [UInt8]

    convenience init(_ sources: Sources, _ roll: Roll, _ own: Own, _ shared: Shared) {
        self.init(sources, roll, own, own.digest, shared)
    }

    private init(_ sources: Sources, _ roll: Roll, _ own: Own, _ ownDigest: [UInt8], _ shared: Shared) {
        self.sources = sources
        self.roll = roll
        self.own = own
        self.ownDigest = ownDigest
        self.shared = shared
        revision = Array(String(sources.inheritance.revision).utf8)
        let numbers = [sources.inheritance.revision] + shared.runs.map(\.bytes.count)
        digest = Digest.blake2b256(of: ownDigest + numbers.asBytes + shared.runs.flatMap(\.bytes))
    }

    /// The page of the same machines of which the folder hands down other variables, if all of them take these as they are;
    /// nil if there is more to it.
    ///
    /// - Parameter isTarget: whether a reference leads to a key, through it, or to what holds it.
    func renewed(from sources: Sources, _ changes: Changes, isTarget: (DottedPath) -> Bool) -> Page? {
        guard let variables = shared.variables, sources.haveMachines(of: self.sources),
            let changed = changes.variables(of: sources.inheritance, since: self.sources.inheritance),
            changed.allSatisfy({ variables.contains($0) && !isTarget([Schema.free, $0]) })
        else { return nil }
        let fields = sources.inheritance.variables
        let runs = shared.runs.map { $0.replacing(changed, by: fields, codeLevel: shared.codeLevel) }
        return Page(
            sources, roll, own, ownDigest,
            Shared(variables: variables, codeLevel: shared.codeLevel, runs: runs))
    }

    /// About how many bytes of memory it takes.
    var size: Int {
        own.bytes.count + own.joints.count * MemoryLayout<Joint>.stride
            + own.revisions.count * 2 * MemoryLayout<Inventory.Host>.stride
            + shared.runs.reduce(0) { $0 + $1.bytes.count }
    }

    /// How many bytes are written within a frame.
    func count(in frame: Frame) -> Int {
        var count = 0
        forEachPiece(in: frame) { count += $0.count }
        return count
    }

    /// Calls `body` for each piece of the text.
    func forEachPiece(in frame: Frame, _ body: (UnsafeRawBufferPointer) -> Void) {
        own.bytes.withUnsafeBytes { bytes in
            var (start, host) = (0, 0)
            for joint in own.joints {
                body(UnsafeRawBufferPointer(rebasing: bytes[start..<joint.end]))
                start = joint.end
                switch joint.next {
                case .host: frame.before.withBytes(body)
                case .variables: frame.between.withBytes(body)
                case .run(let number): shared.runs[number].bytes.withUnsafeBytes(body)
                case .revision where own.revisions[host] <= sources.inheritance.revision:
                    revision.withUnsafeBytes(body)
                case .revision:
                    var digits = String(own.revisions[host])
                    digits.withUTF8 { body(UnsafeRawBufferPointer($0)) }
                case .end:
                    frame.after.withBytes(body)
                    host += 1
                }
            }
        }
    }
}

extension Page.Own {
    /// A digest of all of it.
    fileprivate var digest: [UInt8] {
        let numbers: [Int] = joints.flatMap { [$0.end, $0.next.number] } + revisions
        return Digest.blake2b256(of: Digest.blake2b256(of: bytes) + numbers.asBytes)
    }
}

extension [Int] {
    fileprivate var asBytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}

extension Page.Next {
    fileprivate var number: Int {
        switch self {
        case .run(let number): number
        case .host: -1
        case .variables: -2
        case .revision: -3
        case .end: -4
        }
    }
}

extension StaticString {
    fileprivate func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        withUTF8Buffer { body(UnsafeRawBufferPointer($0)) }
    }
}
