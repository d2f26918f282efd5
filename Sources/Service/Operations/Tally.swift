import Store

/// How many operations are in each state: as they are, or since the start where they have ended.
struct Tally: Sendable {
    private var counts: [Operation.State: Int] = [:]

    mutating func enter(_ state: Operation.State) { counts[state, default: 0] += 1 }
    mutating func leave(_ state: Operation.State) { counts[state, default: 0] -= 1 }

    /// Those that have not ended, as figures with labels.
    var open: [(labels: String, value: Int)] { figures { !$0.isEnd } }
    /// Those that have.
    var ended: [(labels: String, value: Int)] { figures { $0.isEnd } }

    private func figures(_ isMeant: (Operation.State) -> Bool) -> [(labels: String, value: Int)] {
        Operation.State.allCases.filter(isMeant).map { ("{state=\"\($0.rawValue)\"}", counts[$0] ?? 0) }
    }
}
