// Service: the only place where the halves meet.
//
// What it does: holds the tree in memory as immutable snapshots, answers reads from them, passes writes through one
// writer (check, commit, publish), and does long work on hypervisors as operations.
//
//     HTTP ── ServiceRoute ──► Call ──► read:  Snapshot ─► DocumentCache (Cascade, Views, Formats)
//                                  ├──► write: Writer ─► Edit ─► Index (checked) ─► Store ─► CurrentSnapshot
//                                  ├──► verb:  Operations ─► Work (Lifecycle) ─► Hypervisor
//                                  └──► watch: Feed (what Writer and Operations tell) ─► EventStream
//
// What it may import: every module of Headwater; none imports it but the daemon.
// Its errors: `ServiceError`, which becomes a problem document (RFC 9457) in one table.
// Concurrency: snapshots are immutable; `Writer` and `Operations` are actors with threads of their own, because they wait
// for the disk; what waits for a hypervisor is a task; handlers run on `RequestThreads`. No lock is held while anything waits.
// Not for: meaning of definitions (Cascade), of states (Lifecycle), of tools' documents (Views).

import Access
import Foundation
public import HTTP
public import Hypervisor
public import Logging
import OrderedCollections
public import Sessions
public import Store
import Tree

/// A running service: give its `handler` to a server.
public final class Service: Sendable {
    let parts: Parts
    private let router: Router
    private let log: Logger
    /// The work in the background, which goes on until it is cancelled.
    private let background: [Task<Void, Never>]

    public struct Options: Sendable {
        /// How many bytes of rendered documents are kept. Default: 256 MiB.
        public var documentBytes = 256 << 20
        /// How often each hypervisor is asked how its machines are. Default: 10 s.
        public var observationPause = Duration.seconds(10)
        /// How much of what happened of late is kept for event streams. Default: 10,000 changes of revisions, machines and
        /// operations together.
        public var events = 10_000
        /// How often an event stream that has nothing to tell gives a sign of life. Default: 15 s.
        public var heartbeat = Duration.seconds(15)
        /// How long a guest is given to shut down where a stop does not say. Default: 60 s.
        public var grace = Duration.seconds(60)
        /// How long a hypervisor that does not answer is asked again. Default: 15 min, with pauses from 1 s to 60 s.
        public var patience = Patience()
        /// How long a machine that is to be kept as it is wanted, and does not stay so, is left before it is restored again.
        /// Default: pauses from 10 s to 10 min; it is never given up.
        public var keeping = Patience(firstPause: .seconds(10), longestPause: .seconds(600))
        /// What is kept of operations that have ended. Default: the newest 10,000, for 90 days.
        public var operationRetention = OperationRetention()
        /// How long a long answer may be worked on, such as the history of a machine. Default: 60 s.
        public var longestAnswer = Duration.seconds(60)
        /// How deep the maps and lists of a body may be nested; 128 at the most. Default: 64.
        public var depth = 64
        /// How many entries one request may write. Default: 100,000.
        public var entries = 100_000
        /// How long a session lasts that began with a password, in seconds; a day at the most. Default: an hour.
        public var sessionLength = 3_600
        /// How much of the audit log is kept. Default: a million rows, a year.
        public var auditRetention = AuditRetention()
        /// How much of the past is kept. Default: all.
        public var retention = Retention()
        /// How often what is not to be kept is let go of. Default: 1 h.
        public var compactionPause = Duration.seconds(3600)
        /// Who the bearers of client certificates are. Default: machines, each of them.
        public var certificates = CertificateRules()

        public init() {}
    }

    /// Takes up what the store holds: the tree, the machines, and the operations that had not ended.
    ///
    /// - Parameters:
    ///   - keys: the file of the keys that sign sessions; made where it is missing.
    ///   - hypervisors: the connections to work with; machines in memory live as long as these.
    public init(
        _ store: any StateStore, _ options: Options = Options(), keys: KeyFile,
        hypervisors: Connections = Connections(), _ log: Logger
    ) async throws {
        let contents = try store.load()
        let auditor = Auditor(store, log)
        let accounts = try Accounts(
            Directory(users: contents.users, groups: contents.groups, tokens: contents.tokens), options.certificates,
            try await Signatory(keys, now: Clock.now / 1_000), auditor, log)
        let snapshot: Snapshot
        do throws(StoreError.Reason) {
            snapshot = try Snapshot(
                contents, reach: hypervisors.reach,
                reserved: options.certificates.compilers.union(options.certificates.reserved))
        } catch {
            throw StoreError(store: store.name, error)
        }
        let current = CurrentSnapshot(snapshot)
        let feed = Feed(revision: contents.revision, limit: options.events)
        let writer = Writer(store, current, feed)
        let operations = Operations(store, current, writer, hypervisors, feed, options, log)
        let metrics = Metrics(ServiceRoute.all)
        let processors = ProcessInfo.processInfo.activeProcessorCount
        let parts = Parts(
            options: options, store: store, current: current, writer: writer, operations: operations,
            documents: DocumentCache(capacity: options.documentBytes),
            readers: RequestThreads(label: "headwater.readers", processors: processors),
            handlers: RequestThreads(label: "headwater.handlers", processors: processors),
            history: History(store),
            accounts: accounts, registrar: Registrar(store, accounts), auditor: auditor,
            observer: Observer(
                current, writer, hypervisors, operations, Keeper(current, operations, options.keeping, log), log),
            metrics: metrics, hypervisors: hypervisors, feed: feed, revisions: Revisions(store)
        )
        self.parts = parts
        self.log = log
        router = Router(
            zip(ServiceRoute.all, metrics.counters).map { route, counter in route.route(parts, counter, log) })
        if contents.revision == 0 { try await parts.seed() }
        await operations.resume(contents.operations, overtaken: contents.overtaken)
        let compactor = Compactor(store, current, options.retention, log)
        background = [
            Task { await parts.observer.run(every: options.observationPause) },
            Task { await parts.keepBooks(every: .seconds(60)) },
            Task { while (try? await Task.sleep(for: options.heartbeat)) != nil { feed.beat() } },
            Task { await compactor.run(every: options.compactionPause) },
            Task { await operations.prune() },
            Task { await parts.tryStore(every: .seconds(5)) },
        ]
        ProcessMemory.giveBack()
    }

    /// What a server calls for each request.
    public var handler: Handler {
        { [router, parts] head in
            switch router.match(head) {
            case .found(let route, let parameters):
                return route.handler(head, parameters)
            case .notFound:
                return parts.accounts.answer(head) {
                    ServiceError.nothing(at: head).response(parts.current)
                } refusal: {
                    $0.response(parts.current)
                }
            case .methodNotAllowed(let allowed):
                return parts.accounts.answer(head) {
                    let methods = allowed.map(\.rawValue).joined(separator: ", ")
                    let document = ProblemDocument(405, "\(head.method) is not for \(head.path); expected \(methods)")
                    var response = document.response(parts.current)
                    response.headers.append(("Allow", methods))
                    return response
                } refusal: {
                    $0.response(parts.current)
                }
            }
        }
    }

    /// The answer for what a server refuses by itself.
    public var problem: @Sendable (Int, String) -> Response {
        { [parts] in ProblemDocument($0, $1).response(parts.current) }
    }

    deinit {
        for task in background { task.cancel() }
    }

    /// Paths that a server should answer even where it has no room for others.
    public static let urgentPaths = SystemRoutes.health

    /// Has all that waits for the audit log written to it.
    func settleAudit() { parts.auditor.close() }

    /// Takes the keys that sign sessions anew from their file.
    public func reloadKeys() async throws {
        try await parts.accounts.reloadKeys()
    }

    /// Ends the work in the background, and gives up changes that are not committed yet. What is under way on hypervisors is taken up again at the next start.
    public func close() async {
        for task in background { task.cancel() }
        parts.writer.close()
        await parts.operations.close()
        for task in background { await task.value }
        await parts.writer.settle()
        await parts.registrar.saveUses()
        parts.auditor.close()
    }
}

extension Principal {
    /// The daemon itself.
    static let daemon = Principal(name: "headwaterd", .superuser)
}

extension Parts {
    /// Writes down now and then what requests only took note of, until the task is cancelled.
    fileprivate func keepBooks(every pause: Duration) async {
        while (try? await Task.sleep(for: pause)) != nil {
            await registrar.saveUses()
            auditor.noteStrangers()
            auditor.shorten(options.auditRetention)
        }
    }

    /// Writes to a store that could not be written, again and again, so that it is known when it can be.
    fileprivate func tryStore(every pause: Duration) async {
        while (try? await Task.sleep(for: pause)) != nil {
            if store.trouble != nil { try? store.tryWriting() }
        }
    }

    /// Gives an empty tree something to create machines on.
    fileprivate func seed() async throws(ServiceError) {
        _ = try await writer.write(Author(principal: .daemon, address: nil, message: "first start")) {
            _, edit throws(ServiceError) in
            try edit.put(
                .root, .folder,
                [
                    "hypervisor": "test",
                    "hypervisors": ["test": ["driver": "libvirt", "uri": "test:///default"]],
                ])
        }
    }
}
