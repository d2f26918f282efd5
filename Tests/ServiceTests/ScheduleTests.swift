import Lifecycle
import OrderedCollections
import TestSupport
import Testing
import Tree

@testable import Service

@Suite("What is done next")
struct ScheduleTests {
    private static let lab = Endpoint(name: "lab", driver: .memory, uri: "memory:///lab").address
    private static let farm = Endpoint(name: "farm", driver: .memory, uri: "memory:///farm").address

    private func job(
        _ number: Int, _ machine: EntryID = .random(), at address: Endpoint.Address? = lab, of principal: String = "ana"
    ) -> Schedule.Job {
        Schedule.Job(number: number, machine: machine, address: address, principal: principal)
    }

    @Test("as many begin as the hypervisor is asked to bear, each other when one has ended")
    func limit() {
        var schedule = Schedule()
        schedule.allow(2, at: Self.lab)
        for number in 1...5 { schedule.add(job(number)) }
        #expect(schedule.begin() == [1, 2])
        #expect(schedule.begin() == [])
        schedule.end(2)
        #expect(schedule.begin() == [3])
        schedule.allow(3, at: Self.lab)
        #expect(schedule.begin() == [4])
        schedule.allow(1, at: Self.lab)
        schedule.end(1)
        schedule.end(3)
        #expect(schedule.begin() == [])
        schedule.end(4)
        #expect(schedule.begin() == [5])
    }

    @Test("a hypervisor that is full holds up no other, and work of none is held up by none")
    func hypervisors() {
        var schedule = Schedule()
        schedule.allow(1, at: Self.lab)
        for number in 1...3 { schedule.add(job(number)) }
        schedule.add(job(4, at: Self.farm))
        schedule.add(job(5, at: nil))
        #expect(schedule.begin().sorted() == [1, 4, 5])
    }

    @Test("one thing at a time is done to a machine, in the order in which it was asked for")
    func machine() {
        var schedule = Schedule()
        let machine = EntryID.random()
        for number in 1...3 { schedule.add(job(number, machine)) }
        #expect(schedule.begin() == [1])
        schedule.end(2)
        #expect(schedule.begin() == [] && schedule.isBusy(machine))
        schedule.end(1)
        #expect(schedule.begin() == [3])
        schedule.end(3)
        #expect(!schedule.isBusy(machine))
    }

    @Test("who asks for one machine waits for one of who asks for thousands")
    func fairness() {
        var schedule = Schedule()
        schedule.allow(1, at: Self.lab)
        for number in 1...2_000 { schedule.add(job(number, of: "ana")) }
        #expect(schedule.begin() == [1])
        schedule.add(job(3_000, of: "eva"))
        schedule.add(job(3_001, of: "leo"))
        var order: [Int] = []
        for _ in 0..<4 {
            schedule.end(order.last ?? 1)
            order += schedule.begin()
        }
        #expect(order == [2, 3_000, 3_001, 3])
    }

    @Test("what waits for its hypervisor keeps its machine and leaves its place to others, and begins again first")
    func pause() {
        var schedule = Schedule()
        schedule.allow(1, at: Self.lab)
        let machine = EntryID.random()
        schedule.add(job(1, machine))
        schedule.add(job(2, machine))
        for number in 3...5 { schedule.add(job(number)) }
        #expect(schedule.begin() == [1])
        schedule.pause(1)
        #expect(schedule.isPaused(1))
        #expect(schedule.begin() == [3])
        schedule.resume(1)
        #expect(!schedule.isPaused(1))
        schedule.end(3)
        #expect(schedule.begin() == [1])
        schedule.pause(1)
        schedule.end(1)
        #expect(schedule.begin() == [4])
        schedule.end(4)
        #expect(schedule.begin() == [5])
        schedule.end(5)
        #expect(schedule.begin() == [2])
    }

    @Test(
        "whatever comes, bounds hold, nobody begins twice while another waits, and all is done in the end",
        arguments: 0..<50)
    func histories(round: UInt64) {
        var random = Seeded(seed: Seeded().seed &+ round)
        var schedule = Schedule()
        let addresses = [Self.lab, Self.farm]
        let limits = [Self.lab: Int.random(in: 1...4, using: &random), Self.farm: 2]
        for (address, limit) in limits { schedule.allow(limit, at: address) }
        let machines = (0..<12).map { _ in EntryID.random() }
        var jobs: [Int: Schedule.Job] = [:]
        var running: Set<Int> = []
        var paused: Set<Int> = []
        var ended: [Int] = []
        /// How often others began at a hypervisor while a principal had something ready there.
        var passed: [Endpoint.Address: [String: Int]] = [:]

        func isReady(_ number: Int) -> Bool {
            guard let job = jobs[number], !running.contains(number), !paused.contains(number), !ended.contains(number)
            else { return false }
            return !jobs.values.contains {
                $0.machine == job.machine && !ended.contains($0.number)
                    && ($0.number < number || running.contains($0.number) || paused.contains($0.number))
            }
        }
        func begin() {
            let ready = Set(jobs.keys.filter(isReady))
            for address in addresses {
                let waiting = Set(ready.compactMap { jobs[$0] }.filter { $0.address == address }.map(\.principal))
                passed[address] = passed[address]?.filter { waiting.contains($0.key) }
            }
            for number in schedule.begin() {
                #expect(ready.contains(number), "\(number) was not ready; \(random)")
                running.insert(number)
                guard let job = jobs[number], let address = job.address else { continue }
                let others = ready.subtracting(running).compactMap { jobs[$0] }.filter { $0.address == address }
                for principal in Set(others.map(\.principal)) {
                    passed[address, default: [:]][principal, default: 0] += 1
                }
                passed[address]?[job.principal] = 0
            }
            for (address, limit) in limits {
                let count = running.count { jobs[$0]?.address == address }
                #expect(count <= limit, "\(random)")
                let isIdle = count < limit
                #expect(!isIdle || !jobs.keys.contains { isReady($0) && jobs[$0]?.address == address }, "\(random)")
            }
            // Three ask: nobody begins twice while another has something ready.
            for counts in passed.values { #expect(counts.values.allSatisfy { $0 <= 2 }, "\(counts); \(random)") }
        }
        func end(_ number: Int) {
            schedule.end(number)
            running.remove(number)
            paused.remove(number)
            ended.append(number)
        }

        for number in 1...150 {
            let job = job(
                number, random.pick(machines), at: random.pick(addresses), of: random.pick(["ana", "eva", "leo"]))
            jobs[number] = job
            schedule.add(job)
            begin()
            if let number = running.randomElement(using: &random), random.chance(60) {
                if random.chance(30) {
                    schedule.pause(number)
                    running.remove(number)
                    paused.insert(number)
                } else {
                    end(number)
                }
            }
            if let number = paused.randomElement(using: &random), random.chance(40) {
                schedule.resume(number)
                paused.remove(number)
            }
            // Cancelled while it waits.
            if let number = jobs.keys.filter({ !ended.contains($0) }).randomElement(using: &random), random.chance(5) {
                end(number)
            }
            begin()
        }
        for number in paused { schedule.resume(number) }
        paused = []
        begin()
        while let number = running.randomElement(using: &random) {
            end(number)
            begin()
        }
        #expect(Set(ended) == Set(jobs.keys) && ended.count == jobs.count, "\(random)")
        for machine in machines { #expect(!schedule.isBusy(machine), "\(random)") }
    }
}
