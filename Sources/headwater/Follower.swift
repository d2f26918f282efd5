import OrderedCollections
import Tree

/// Waits for operations and shows how far they are.
struct Follower {
    let client: Client

    /// Waits until all have ended, and prints what came of them.
    /// - Throws: what failed, for each machine.
    func finish(_ operations: [Operation], _ output: OutputOptions) async throws(Failure) {
        var ended: [Operation] = []
        var failures: [String] = []
        for operation in operations {
            let operation = try await follow(operation)
            ended.append(operation)
            failures += try await self.failures(of: operation)
        }
        output.show(["operations": .list(ended.map { .map($0.map) })]) {
            ended.filter { $0.state != "failed" }.map { operation in
                operation.state == "done" && operation.total > 1
                    ? "\(operation.title): done, \(operation.total) machines" : "\(operation.title): \(operation.state)"
            }.joined(separator: "\n")
        }
        let failed = ended.filter { $0.state == "failed" }
        guard !failed.isEmpty else { return }
        throw Failure("failed: \(failed.map(\.title).joined(separator: ", "))", details: failures)
    }

    /// Waits until an operation has ended.
    ///
    /// On a terminal a bar is redrawn each second; elsewhere a line says what goes on while it lasts. An interrupt ends
    /// the program, not the operation.
    func follow(_ operation: Operation) async throws(Failure) -> Operation {
        let interruption = Interruption(
            """
            headwater: no longer waiting; operation \(operation.id) (\(operation.title)) goes on
            hint: headwater ops \(operation.id) --wait
            """)
        defer { interruption.end() }
        let terminal = Terminal.errors
        var operation = operation
        defer { if terminal.isInteractive { Terminal.write(Follower.clear) } }
        while !operation.hasEnded {
            draw(operation, terminal)
            do {
                operation = try await client.operation(operation.id, wait: terminal.isInteractive ? 1 : 30)
            } catch {
                throw error.adding(
                    "operation \(operation.id) (\(operation.title)) goes on; headwater ops \(operation.id) --wait")
            }
        }
        return operation
    }

    /// What failed, a line for each machine.
    func failures(of operation: Operation) async throws(Failure) -> [String] {
        guard operation.state == "failed" else { return [] }
        let failed = try await client.parts(of: operation).filter { $0.state == "failed" }
        guard !failed.isEmpty else { return [operation.error ?? "\(operation.path): no reason is known"] }
        return failed.reversed().map { part in
            let reason = part.error ?? "no reason is known"
            return reason.hasPrefix(part.path) ? reason : "\(part.path): \(reason)"
        }
    }

    private func draw(_ operation: Operation, _ terminal: Terminal) {
        guard terminal.isInteractive else {
            if operation.state != "queued" {
                Terminal.say(
                    "operation \(operation.id), \(operation.title): \(operation.done) of \(operation.total) done")
            }
            return
        }
        let bar = ProgressBar(
            label: operation.title, done: operation.done, total: operation.total,
            step: operation.steps.last?.text ?? operation.state)
        Terminal.write(Follower.clear + bar.line(width: terminal.width ?? 80, hasColour: terminal.hasColour))
    }

    /// To the beginning of the line, which is erased (ECMA-48 §8.3.41).
    private static let clear = "\r\u{1B}[K"
}
