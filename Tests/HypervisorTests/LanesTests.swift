import Foundation
import Hypervisor
import Synchronization
import Testing

@Suite("Work on lanes")
struct LanesTests {
    @Test("waits for its turn where the lanes are taken")
    func turns() async {
        let lanes = Lanes(label: "test", limit: 1)
        let load = Load()
        let sum = await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    await lanes.run {
                        load.begin()
                        defer { load.end() }
                        // Long enough for all to be at work at once, were they let.
                        Thread.sleep(forTimeInterval: 0.005)
                        return number
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(sum == 1_225)
        #expect(load.most == 1)
    }
}

/// How many are at work.
private final class Load: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func begin() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func end() { state.withLock { $0.now -= 1 } }
}
