import OrderedCollections
import Tree

/// Waits for operations and shows how far they are.
struct Follower {
    let client: Client

    /// Waits until all have ended, and prints what came of them and what they have left behind.
    ///
    /// - Throws: what failed, for each machine.
    func finish(_ operations: [Operation], _ output: OutputOptions) async throws(Failure) {
        let interruption = Interruption(Follower.farewell(operations))
        defer { interruption.end() }
        var ended: [Operation] = []
        var failures: [String] = []
        var ends: [Int: [String]] = [:]
        for operation in operations {
            let operation = try await follow(operation)
            ended.append(operation)
            let left = try await self.ends(of: operation)
            failures += try await self.failures(of: operation) + (operation.state == "failed" ? left : [])
            ends[operation.id] = left
        }
        output.show(["operations": .list(ended.map { .map($0.map) })]) {
            ended.filter { $0.state != "failed" }.map { operation in
                ([operation.ending] + (ends[operation.id] ?? []).map { "  \($0)" }).joined(separator: "\n")
            }.joined(separator: "\n")
        }
        let failed = ended.filter { $0.state == "failed" }
        guard !failed.isEmpty else { return }
        throw Failure("failed: \(failed.map(\.title).joined(separator: ", "))", details: failures)
    }

    /// What is said to who no longer waits.
    static func farewell(_ operations: [Operation]) -> String {
        let titles = operations.map { "operation \($0.id) (\($0.title))" }.joined(separator: ", ")
        let ids = operations.map { String($0.id) }.joined(separator: " ")
        return """
            headwater: no longer waiting; \(titles) \(operations.count == 1 ? "goes" : "go") on
            hint: headwater ops \(ids) --wait goes on watching, headwater ops \(ids) --cancel gives up what has not begun
            """
    }

    /// Waits until an operation has ended.
    ///
    /// On a terminal a bar is redrawn each second; elsewhere a line says how far it is and what goes on, when that changes.
    private func follow(_ operation: Operation) async throws(Failure) -> Operation {
        let terminal = Terminal.errors
        var operation = operation
        var said = ""
        defer { if terminal.isInteractive { Terminal.write(Follower.clear) } }
        while !operation.hasEnded {
            do {
                draw(operation, try await step(of: operation), terminal, &said)
                operation = try await client.operation(operation.id, wait: terminal.isInteractive ? 1 : 30)
            } catch {
                throw error.adding(
                    "operation \(operation.id) (\(operation.title)) goes on; headwater ops \(operation.id) --wait")
            }
        }
        return operation
    }

    /// What is being done at the moment.
    private func step(of operation: Operation) async throws(Failure) -> String {
        guard operation.total > 1, operation.state == "running" else { return operation.note }
        let part = try await client.parts(of: operation, in: ["running"], limit: 1).first
        return part.map { "\($0.path): \($0.note)" } ?? ""
    }

    /// What is left behind of each machine on its hypervisor, where the verb takes machines away.
    func ends(of operation: Operation) async throws(Failure) -> [String] {
        guard ["destroy", "rebuild", "release"].contains(operation.verb) else { return [] }
        let parts =
            operation.steps.isEmpty
            ? try await client.parts(of: operation, in: ["done", "failed", "cancelled"]) : [operation]
        return parts.reversed().flatMap { part in
            part.steps.filter(\.tellsWhatIsLeft).map { "\(part.path): \($0.text)" }
        }
    }

    /// What failed, with the reasons.
    private func failures(of operation: Operation) async throws(Failure) -> [String] {
        guard operation.state == "failed" else { return [] }
        let failed = try await client.parts(of: operation, in: ["failed"])
        guard !failed.isEmpty else { return [operation.error ?? "\(operation.path): no reason is known"] }
        return Follower.lines(failed.reversed().map { ($0.path, $0.error ?? "no reason is known") })
    }

    /// How many machines are named that failed for one reason.
    private static let named = 4

    /// A line for each machine that failed; one for all that failed for the same reason, where these are many.
    static func lines(_ failed: [(path: String, reason: String)]) -> [String] {
        let bare = failed.map { path, reason in
            let prefix = "\(path): "
            return (path: path, reason: reason.hasPrefix(prefix) ? String(reason.dropFirst(prefix.count)) : reason)
        }
        return OrderedDictionary(grouping: bare, by: \.reason).flatMap { reason, parts in
            guard parts.count > named else {
                return parts.map { reason.hasPrefix($0.path) ? reason : "\($0.path): \(reason)" }
            }
            let paths = parts.prefix(named).map(\.path).joined(separator: ", ")
            return ["\(paths) and \(parts.count - named) more: \(reason)"]
        }
    }

    /// - Parameter said: the line that was said last.
    private func draw(_ operation: Operation, _ step: String, _ terminal: Terminal, _ said: inout String) {
        guard terminal.isInteractive else {
            guard operation.state != "queued" else { return }
            let count = "operation \(operation.id), \(operation.title): \(operation.done) of \(operation.total) done"
            let line = step.isEmpty ? count : "\(count); \(step)"
            if line != said { Terminal.say(line) }
            said = line
            return
        }
        let bar = ProgressBar(
            label: operation.title, done: operation.done, total: operation.total,
            step: step.isEmpty ? operation.state : step)
        Terminal.write(Follower.clear + bar.line(width: terminal.width ?? 80, hasColour: terminal.hasColour))
    }

    /// To the beginning of the line, which is erased (ECMA-48 §8.3.41).
    private static let clear = "\r\u{1B}[K"
}
