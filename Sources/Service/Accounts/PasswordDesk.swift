import Foundation
import Hypervisor
import Synchronization

/// Hashes passwords: 64 MiB and tens of milliseconds each, on purpose. So few at a time, on threads of their own, and with
/// a short queue: a flood of logins is turned away instead of taking the memory or the processors from others.
final class PasswordDesk: Sendable {
    private let lanes = Lanes(
        label: "headwater.password", limit: max(1, min(4, ProcessInfo.processInfo.activeProcessorCount / 2)))
    private let state = Mutex(State())

    private struct State {
        var waiting = 0
        /// Of each address that waits.
        var addresses: [String: Int] = [:]
    }

    /// How many wait at the most, those at work included.
    static let longest = 32
    /// How many of one address.
    static let longestOfOne = 4

    /// Does the work when its turn comes.
    ///
    /// - Parameter address: for whom, so that one address cannot fill the queue; nil for somebody who is in already.
    func run<Result: Sendable>(
        for address: String?, _ work: @escaping @Sendable () -> Result
    ) async throws(ServiceError) -> Result {
        try enter(address)
        let result = await lanes.run(work)
        leave(address)
        return result
    }

    private func enter(_ address: String?) throws(ServiceError) {
        try state.withLock { state throws(ServiceError) in
            guard state.waiting < Self.longest else { throw .busy("too many passwords are being checked") }
            if let address {
                guard state.addresses[address, default: 0] < Self.longestOfOne else { throw .slower(seconds: 1) }
                state.addresses[address, default: 0] += 1
            }
            state.waiting += 1
        }
    }

    private func leave(_ address: String?) {
        state.withLock { state in
            state.waiting -= 1
            guard let address, let count = state.addresses[address] else { return }
            state.addresses[address] = count > 1 ? count - 1 : nil
        }
    }
}
