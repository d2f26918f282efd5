import Lifecycle
import Testing

@Suite("Every event in every state")
struct PairTests {
    /// What becomes of every machine at every event.
    private func forAll(
        _ events: [Event],
        _ check: (_ before: Machine, _ event: Event, _ after: Machine, _ answer: Result<[Action], Refusal>) -> Void
    ) {
        for before in Machines.all {
            for event in events {
                var after = before
                let answer = Result { () throws(Refusal) in try after.on(event) }
                check(before, event, after, answer)
            }
        }
    }

    @Test("a machine has a reason to have failed when it is failed, and at no other time")
    func failure() {
        forAll(Machines.events) { before, event, after, _ in
            #expect((after.state == .failed) == (after.failure != nil), "\(before) \(event)")
            #expect(after.failure?.reason != "", "\(before) \(event)")
        }
    }

    @Test("only verbs are refused; a refusal changes nothing, and says which verb in which state and what helps")
    func refusals() {
        forAll(Machines.events) { before, event, after, answer in
            guard case .failure(let refusal) = answer else { return }
            #expect(after == before)
            #expect(event == .asked(refusal.verb))
            #expect(refusal.state == before.state)
            #expect(refusal.reason.contains(";"), "\(refusal)")
        }
    }

    @Test("only verbs have something done")
    func actions() {
        forAll(Machines.reports + Machines.news) { before, event, _, answer in
            #expect(answer == .success([]), "\(before) \(event)")
        }
    }

    @Test("destroy and reconcile are never refused")
    func neverRefused() {
        forAll([.asked(.destroy), .asked(.reconcile)]) { before, event, _, answer in
            #expect((try? answer.get()) != nil, "\(before) \(event)")
        }
    }

    @Test("a VM that is not there is only made or looked for")
    func gone() {
        for machine in [Machine(), Machines.gone] {
            for verb in Verb.allCases {
                var after = machine
                guard let actions = try? after.on(.asked(verb)) else { continue }
                let allowed: [[Action]] = [[], [.create], [.observe], [.destroy], [.destroy, .create]]
                #expect(allowed.contains(actions), "\(machine) \(verb)")
            }
        }
    }

    @Test("after its report an action holds, and the verb has nothing left to do")
    func idempotence() throws {
        let goals: [(Verb, State)] = [
            (.create, .created), (.start, .running), (.stop, .stopped), (.poweroff, .stopped), (.pause, .paused),
            (.resume, .running), (.destroy, .provisioned),
        ]
        for machine in Machines.all {
            for (verb, goal) in goals {
                var after = machine
                guard let actions = try? after.on(.asked(verb)), !actions.isEmpty else { continue }
                for action in actions { _ = try after.on(.succeeded(action)) }
                #expect(after.state == goal, "\(machine) \(verb)")
                #expect(try after.on(.asked(verb)) == [], "\(machine) \(verb)")
            }
        }
    }

    @Test("what was asked for is answered with the truth")
    func found() throws {
        let truths: [(Power, [State])] = [
            (.off, [.created, .stopped]), (.starting, [.starting]), (.running, [.running]), (.paused, [.paused]),
            (.stopping, [.stopping]), (.crashed, [.failed]),
        ]
        for machine in Machines.all {
            for (power, states) in truths {
                var after = machine
                _ = try after.on(.found(power))
                #expect(states.contains(after.state), "\(machine) \(power)")
            }
            var after = machine
            _ = try after.on(.found(nil))
            _ = try after.on(.found(nil))
            #expect(after.state == .provisioned)
        }
    }

    @Test("news never hide a failure and never make a VM out of a description")
    func news() throws {
        for machine in [Machine(), Machines.failed, Machines.gone] {
            for power in Power.allCases {
                var after = machine
                _ = try after.on(.observed(power))
                #expect(after == machine)
            }
        }
    }
}
