import Access
import Cascade
import HTTP
import Tree

/// What of answering may take long.
extension Call {
    /// Whether the entry that the path names is so large that whoever waits for a worker would notice.
    var isHeavy: Bool {
        guard let node = named else { return false }
        guard node.childCount <= Call.manyChildren else { return true }
        let folder = node.entry.kind == .folder ? node.entry.path : node.entry.path.parent
        let handedDown = folder.flatMap { snapshot.inheritance(of: $0) }?.size ?? 0
        return node.entry.layer.size + handedDown > Call.manyBytes
    }

    /// The entry, or the machine, that the request's path names.
    private var named: Node? {
        if let certname = parameters["certname"] { return snapshot.machine(certname) }
        guard parameters["path"] != nil, let target = try? Target(self) else { return nil }
        return snapshot.tree[target.path]
    }

    /// From how many bytes of definitions on a machine is computed beside the server's workers.
    private static let manyBytes = 64 << 10
    private static let manyChildren = 1_000

    /// The same call, with so long from now on to be answered.
    func bounded() -> Call {
        var call = self
        call.limit = WorkLimit(parts.options.longestAnswer)
        return call
    }

    /// Works on a long answer on threads for that, for so long and as long as the client waits.
    func aside<Answer: Sendable>(
        _ work: @escaping @Sendable (Call) async throws(ServiceError) -> Answer
    ) async throws(ServiceError) -> Answer {
        try await parts.readers.run(for: principal.name) { () async throws(ServiceError) in
            guard !Task.isCancelled else { throw .abandoned }
            let call = bounded()
            let result = await withTaskCancellationHandler {
                await Result { () async throws(ServiceError) in try await work(call) }
            } onCancel: {
                call.limit?.abandon()
            }
            return try result.get()
        }
    }

    /// Refuses to go on with an answer that has taken too long, or that nobody waits for. To be asked between its steps.
    func goOn() throws(ServiceError) { try limit?.check() }
}

extension Result {
    /// What an asynchronous call comes to.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
