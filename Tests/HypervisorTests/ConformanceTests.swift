import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("Every driver", .serialized)
struct ConformanceTests {
    @Test("a defined machine is observed as it was described", arguments: Bench.allCases)
    func define(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web") {
                $0.disks.append(
                    Disk(
                        name: "data", pool: laboratory.pool, bus: .sata, format: .raw, origin: .empty,
                        size: Size(bytes: 4 << 20)))
                $0.cpuShares = 512
            }
            try await laboratory.driver.create(specification)
            let found = try #require(try await laboratory.driver.observe(specification.id))
            #expect(found.id == specification.id)
            #expect(found.name == specification.name)
            #expect(found.isOurs)
            #expect(found.power == .off)
            #expect(found.cpus == 2)
            #expect(found.memory == Size(bytes: 64 << 20))
            #expect(found.disks.map(\.name) == ["root", "data"])
            #expect(found.disks.map(\.capacity) == [Size(bytes: 16 << 20), Size(bytes: 4 << 20)])
            #expect(found.nics.map(\.name) == ["eth0"])
            #expect(found.nics.map(\.mac) == specification.nics.map(\.mac))
            #expect(found.nics.map(\.network) == specification.nics.map(\.network))
        }
    }

    @Test("a machine is started with the host if that is said, whatever else is done to it", arguments: Bench.allCases)
    func autostart(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web")
            let (driver, id) = (laboratory.driver, specification.id)
            let autostarting = try #require(driver as? any Autostarting)
            try await driver.create(specification)
            #expect(try await driver.observe(id)?.autostart == false)
            for isOn in [true, true, false, true] {
                try await autostarting.setAutostart(isOn, of: id)
                try await driver.create(specification)
                #expect(try await driver.observe(id)?.autostart == isOn)
                #expect(try await driver.list().first { $0.id == id }?.autostart == isOn)
            }
            try await driver.start(id)
            try await autostarting.setAutostart(false, of: id)
            #expect(try await driver.observe(id)?.autostart == false)
            try await autostarting.setAutostart(true, of: id)
            try await driver.stop(id, grace: .zero)
            #expect(try await driver.observe(id)?.autostart == true)
            try await driver.destroy(specification)
            let error = await laboratory.failure { () throws(DriverError) in
                try await autostarting.setAutostart(true, of: id)
            }
            #expect(error?.kind == .notFound)
        }
    }

    @Test("creating a machine that is there already changes nothing", arguments: Bench.allCases)
    func createAgain(bench: Bench) async throws {
        try await bench.run { laboratory in
            var specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let before = try await laboratory.driver.observe(specification.id)
            specification.cpus = 1
            try await laboratory.driver.create(specification)
            #expect(try await laboratory.driver.observe(specification.id) == before)
        }
    }

    @Test(
        "a machine says which one of its descriptor's it is, through updates, until it is released",
        arguments: Bench.allCases)
    func build(bench: Bench) async throws {
        try await bench.run { laboratory in
            var specification = laboratory.specification("web") { $0.build = 3 }
            let (driver, id) = (laboratory.driver, specification.id)
            try await driver.create(specification)
            #expect(try await driver.observe(id)?.build == 3)
            var changed = specification
            changed.cpus = 1
            changed.nics = []
            try await driver.update(specification, to: changed)
            try await driver.start(id)
            #expect(try await driver.list().first { $0.id == id }?.build == 3)
            // It was made by a call whose answer nobody waited for.
            specification.build = 4
            try await driver.create(specification)
            let again = try #require(try await driver.observe(id))
            #expect(again.build == 4 && again.cpus == 1 && again.power == .running)
            try await #require(driver as? any Releasing).release(id)
            #expect(try await driver.observe(id)?.build == nil)
        }
    }

    @Test(
        "machines of one name that are made at the same moment all come to be, under names of their own",
        arguments: Bench.allCases)
    func sameMoment(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specifications = (0..<8).map { _ in
                laboratory.specification("web") {
                    $0.disks = []
                    $0.nics = []
                }
            }
            try await withThrowingTaskGroup { group in
                for specification in specifications {
                    group.addTask { try await laboratory.driver.create(specification) }
                }
                try await group.waitForAll()
            }
            let name = specifications[0].name
            let found = try await laboratory.driver.list().filter { $0.name.hasPrefix(name) }
            #expect(Set(found.map(\.id)) == Set(specifications.map(\.id)))
            let others = found.filter { $0.name != name }
            #expect(others.count == 7)
            #expect(others.allSatisfy { $0.name == "\(name)~\($0.id.description.prefix(8))" })
        }
    }

    @Test("an update writes what differs between two specifications, and nothing else", arguments: Bench.allCases)
    func update(bench: Bench) async throws {
        try await bench.run { laboratory in
            let made = laboratory.specification("web")
            try await laboratory.driver.create(made)
            // What differs from the machine, but not from each other, is not what was asked for.
            var before = made
            before.memory = Size(bytes: 128 << 20)
            before.disks = []
            var after = before
            after.cpus = 1
            after.name += "-moved"
            after.cpuShares = 256
            after.boot = [.network]
            let second = NIC(
                name: "lan", network: .network(laboratory.network), model: .e1000,
                mac: .allocate(for: made.id, nic: "lan", attempt: 0))
            after.nics.append(second)
            for _ in 0..<2 {
                try await laboratory.driver.update(before, to: after)
                let found = try #require(try await laboratory.driver.observe(made.id))
                #expect(found.cpus == 1 && found.memory == made.memory && found.name == made.name)
                #expect(found.disks.map(\.name) == ["root"] && found.disks.map(\.isMissing) == [false])
                #expect(found.nics.map(\.name) == ["eth0", "lan"])
                #expect(found.nics.map(\.mac) == [made.nics[0].mac, second.mac])
            }
            var renamed = after
            renamed.nics = [second]
            renamed.nics[0].mac = .allocate(for: made.id, nic: "lan", attempt: 1)
            try await laboratory.driver.update(after, to: renamed)
            let found = try await laboratory.driver.observe(made.id)
            #expect(found?.nics.map(\.name) == ["lan"] && found?.nics.map(\.mac) == [renamed.nics[0].mac])
            #expect(found?.cpus == 1)
        }
    }

    @Test("an update of what is not there, or is not ours, is an error", arguments: Bench.allCases)
    func foreign(bench: Bench) async throws {
        try await bench.run { laboratory in
            let made = laboratory.specification("web")
            var changed = made
            changed.cpus = 1
            let absent = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.update(made, to: changed)
            }
            #expect(absent?.kind == .notFound && absent?.message == "there is no such VM")
            try await laboratory.driver.create(made)
            try await #require(laboratory.driver as? any Releasing).release(made.id)
            let released = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.update(made, to: changed)
            }
            #expect(released?.kind == .conflict)
            #expect(try await laboratory.driver.observe(made.id)?.cpus == 2)
        }
    }

    @Test(
        "disks that are kept are told, never made anew, and taken up when that is asked for", arguments: Bench.allCases)
    func keepDisks(bench: Bench) async throws {
        try await bench.run { laboratory in
            let driver = laboratory.driver
            let specification = laboratory.specification("web")
            try await driver.create(specification)
            let left = try await driver.destroy(specification, keepDisks: true)
            #expect(left.count == 1 && left.first?.contains("\(specification.id)-root") == true, "\(left)")
            let gone = try await driver.observe(specification.id)
            #expect(gone == nil)
            let refused = await laboratory.failure { () throws(DriverError) in try await driver.create(specification) }
            #expect(refused?.kind == .conflict)
            #expect(
                refused?.message.hasSuffix(
                    "already, which is never written over; create with --keep-disks takes it up as it is") == true)
            let still = try await driver.observe(specification.id)
            #expect(still == nil)
            try await driver.create(specification, keepDisks: true)
            #expect(try await driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            #expect(try await driver.destroy(specification) == [])
            try await driver.create(specification)
        }
    }

    @Test("a check changes nothing, whether the machine is there or not", arguments: Bench.allCases)
    func check(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.check(specification)
            let absent = try await laboratory.driver.observe(specification.id)
            #expect(absent == nil)
            try await laboratory.driver.create(specification)
            let before = try await laboratory.driver.list().filter { $0.name.hasPrefix(laboratory.tag) }
            try await laboratory.driver.check(specification)
            #expect(try await laboratory.driver.list().filter { $0.name.hasPrefix(laboratory.tag) } == before)
        }
    }

    @Test("a machine starts, runs and stops; what is done already is done", arguments: Bench.allCases)
    func startAndStop(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web")
            let driver = laboratory.driver
            try await driver.create(specification)
            try await driver.start(specification.id)
            #expect(try await driver.observe(specification.id)?.power == .running)
            try await driver.start(specification.id)
            #expect(try await driver.observe(specification.id)?.power == .running)
            // What boots from the network or from nothing does not listen: it is forced when its time is over.
            try await driver.stop(specification.id, grace: .milliseconds(500))
            #expect(try await driver.observe(specification.id)?.power == .off)
            try await driver.stop(specification.id, grace: .milliseconds(500))
            try await driver.stop(specification.id, grace: .zero)
            #expect(try await driver.observe(specification.id)?.power == .off)
        }
    }

    @Test("a machine without grace is off at once, and starts again", arguments: Bench.allCases)
    func poweroff(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web")
            let driver = laboratory.driver
            try await driver.create(specification)
            try await driver.start(specification.id)
            try await driver.stop(specification.id, grace: .zero)
            #expect(try await driver.observe(specification.id)?.power == .off)
            try await driver.start(specification.id)
            #expect(try await driver.observe(specification.id)?.power == .running)
        }
    }

    @Test("a running machine is destroyed; destroying what is absent is done", arguments: Bench.allCases)
    func destroy(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web")
            let driver = laboratory.driver
            try await driver.create(specification)
            try await driver.start(specification.id)
            try await driver.destroy(specification)
            #expect(try await driver.observe(specification.id) == nil)
            try await driver.destroy(specification)
            #expect(try await driver.list().contains { $0.id == specification.id } == false)
            // Nothing is in the way of making it anew.
            try await driver.create(specification)
            #expect(try await driver.observe(specification.id)?.power == .off)
        }
    }

    @Test("a machine that is not there is nil to observe, and an error to all else", arguments: Bench.allCases)
    func absent(bench: Bench) async throws {
        try await bench.run { laboratory in
            let id = EntryID.random()
            let driver = laboratory.driver
            let found = try await driver.observe(id)
            #expect(found == nil)
            let errors = [
                await laboratory.failure { () throws(DriverError) in try await driver.start(id) },
                await laboratory.failure { () throws(DriverError) in try await driver.stop(id, grace: .seconds(1)) },
                await laboratory.failure { () throws(DriverError) in try await driver.stop(id, grace: .zero) },
            ]
            for error in errors {
                #expect(error?.kind == .notFound)
                #expect(error?.isTransient == false)
                #expect(error?.description == "hypervisor lab: VM \(id): there is no such VM")
            }
        }
    }

    @Test("the list has every machine, and tells ours from others", arguments: Bench.allCases)
    func list(bench: Bench) async throws {
        try await bench.run { laboratory in
            let driver = laboratory.driver
            let machines = ["web", "db"].map { laboratory.specification($0) }
            for machine in machines { try await driver.create(machine) }
            try await driver.start(machines[0].id)
            let releasing = try #require(driver as? any Releasing)
            try await releasing.release(machines[1].id)
            try await releasing.release(machines[1].id)

            let list = try await driver.list().filter { $0.name.hasPrefix(laboratory.tag) }
            #expect(list.map(\.id) == [machines[1].id, machines[0].id])
            #expect(list.map(\.power) == [.off, .running])
            #expect(list.map(\.isOurs) == [false, true])
            #expect(list.map { $0.nics.map(\.mac) } == [machines[1], machines[0]].map { $0.nics.map(\.mac) })
        }
    }

    @Test("two machines may have one name: the second's is made unique", arguments: Bench.allCases)
    func sameName(bench: Bench) async throws {
        try await bench.run { laboratory in
            let machines = [laboratory.specification("web"), laboratory.specification("web")]
            for machine in machines { try await laboratory.driver.create(machine) }
            let second = try await laboratory.driver.observe(machines[1].id)
            #expect(second?.name == "\(laboratory.tag).web~\(machines[1].id.description.prefix(8))")
            #expect(try await laboratory.driver.observe(machines[0].id)?.name == "\(laboratory.tag).web")
        }
    }

    @Test("a running machine is paused, goes on, and is reset", arguments: Bench.allCases)
    func pause(bench: Bench) async throws {
        try await bench.run { laboratory in
            let driver = laboratory.driver
            let id = try await started(laboratory)
            let pausing = try #require(driver as? any Pausing)
            try await pausing.pause(id)
            try await pausing.pause(id)
            #expect(try await driver.observe(id)?.power == .paused)
            let error = await laboratory.failure { () throws(DriverError) in try await driver.start(id) }
            #expect(error?.kind == .refused)
            #expect(error?.message == "cannot start while paused; resume it")
            try await pausing.resume(id)
            try await pausing.resume(id)
            #expect(try await driver.observe(id)?.power == .running)
        }
    }

    @Test("a running machine is reset and goes on running", arguments: Bench.allCases)
    func reset(bench: Bench) async throws {
        try await bench.run { laboratory in
            let id = try await started(laboratory)
            let resetting = try #require(laboratory.driver as? any Resetting)
            try await resetting.reset(id)
            #expect(try await laboratory.driver.observe(id)?.power == .running)
        }
    }

    @Test("an image is found, with how large a disk of it is", arguments: Bench.allCases)
    func image(bench: Bench) async throws {
        try await bench.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let imaging = try #require(laboratory.driver as? any Imaging)
            let found = try await imaging.find(image)
            #expect(found.capacity == Size(bytes: 8 << 20))
            #expect(found.path.hasSuffix("\(laboratory.tag)-base.qcow2"))
        }
    }

    @Test("a machine that is on tells its consoles, if the hypervisor has any; one that is off is refused")
    func consoles() async throws {
        try await Bench.memory.run { laboratory in #expect(laboratory.driver as? any Consoling == nil) }
        for bench in Bench.withStorage {
            try await bench.run { laboratory in
                let id = try await started(laboratory)
                let consoling = try #require(laboratory.driver as? any Consoling)
                let consoles = try await consoling.consoles(id)
                #expect(consoles.map(\.kind) == (bench == .qemu ? [.vnc, .serial] : []))
                for console in consoles {
                    switch console.place {
                    case .address(let address, let port): #expect(address == "127.0.0.1" && port >= 5900)
                    case .terminal(let path): #expect(path.hasPrefix("/dev/pts/"))
                    case .socket(let path): Issue.record("\(path)")
                    }
                }
                try await laboratory.driver.stop(id, grace: .zero)
                let error = await laboratory.failure { () throws(DriverError) in _ = try await consoling.consoles(id) }
                #expect(error?.kind == .refused && error?.message == "the VM is off; start it first")
            }
        }
    }

    @Test("many machines are made and removed at once", arguments: Bench.allCases)
    func many(bench: Bench) async throws {
        try await bench.run { laboratory in
            let machines = (0..<20).map { laboratory.specification("m\($0)") }
            try await withThrowingTaskGroup { group in
                for machine in machines { group.addTask { try await laboratory.driver.create(machine) } }
                try await group.waitForAll()
            }
            let ids = Set(try await laboratory.driver.list().map(\.id))
            #expect(machines.allSatisfy { ids.contains($0.id) })
            try await withThrowingTaskGroup { group in
                for machine in machines { group.addTask { try await laboratory.driver.destroy(machine) } }
                try await group.waitForAll()
            }
            #expect(Set(try await laboratory.driver.list().map(\.id)).isDisjoint(with: machines.map(\.id)))
        }
    }

    private func started(_ laboratory: Laboratory) async throws -> EntryID {
        let specification = laboratory.specification("web")
        try await laboratory.driver.create(specification)
        try await laboratory.driver.start(specification.id)
        return specification.id
    }
}
