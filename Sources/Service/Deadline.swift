import Hypervisor

extension Driver {
    /// Calls a hypervisor and gives it so long to answer.
    func within<Answer: Sendable>(
        _ seconds: Int, of name: String,
        _ call: @escaping @Sendable (any Driver) async throws(DriverError) -> Answer
    ) async throws(DriverError) -> Answer {
        let driver = self
        let answer = Task {
            do throws(DriverError) {
                return Result<Answer, DriverError>.success(try await call(driver))
            } catch {
                return .failure(error)
            }
        }
        let alarm = Task {
            try? await Task.sleep(for: .seconds(seconds))
            answer.cancel()
        }
        defer { alarm.cancel() }
        let result = await withTaskCancellationHandler {
            await answer.value
        } onCancel: {
            answer.cancel()
        }
        do throws(DriverError) {
            return try result.get()
        } catch {
            guard error.kind == .cancelled, !Task.isCancelled else { throw error }
            throw DriverError(.timeout, hypervisor: name, "no answer within \(seconds) seconds")
        }
    }
}
