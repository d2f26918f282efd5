import Testing

@testable import Service

@Suite("Patience with a hypervisor")
struct PatienceTests {
    private let patience = Patience(total: .seconds(100), firstPause: .seconds(1), longestPause: .seconds(30))

    @Test("pauses double up to the longest, and the last try is made when the time is over")
    func pauses() {
        var spent = Duration.zero
        var pauses: [Int64] = []
        var failures = 1
        while let pause = patience.pause(after: failures, since: spent) {
            pauses.append(pause.components.seconds)
            spent += pause
            failures += 1
        }
        #expect(pauses == [1, 2, 4, 8, 16, 30, 30, 9])
        #expect(spent == patience.total)
    }

    @Test("none means that nothing is tried twice; any number of failures is borne")
    func bounds() {
        #expect(Patience(total: .zero).pause(after: 1, since: .zero) == nil)
        #expect(patience.growing(.max) == .seconds(30))
        #expect(patience.growing(0) == .seconds(1))
    }
}
