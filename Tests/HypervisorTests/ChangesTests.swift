import Hypervisor
import Lifecycle
import TestSupport
import Testing
import Tree

@Suite("What hypervisors say by themselves", .serialized)
struct ChangesTests {
    @Test("who listens hears of each step of a machine's life", arguments: Bench.allCases)
    func life(bench: Bench) async throws {
        try await bench.run { laboratory in
            let ear = Ear(laboratory.connections)
            let driver = laboratory.driver
            let specification = laboratory.specification("web")
            let id = specification.id
            try await ear.expect(id, "define") { try await driver.create(specification) }
            try await ear.expect(id, "start") { try await driver.start(id) }
            if let driver = driver as? any Pausing {
                try await ear.expect(id, "pause") { try await driver.pause(id) }
                try await ear.expect(id, "resume") { try await driver.resume(id) }
            }
            try await ear.expect(id, "stop") { try await driver.stop(id, grace: .zero) }
            try await ear.expect(id, "destroy") { try await driver.destroy(id) }
        }
    }

    @Test("nothing is said of a machine that is looked at, or stays as it is", arguments: Bench.allCases)
    func silence(bench: Bench) async throws {
        try await bench.run { laboratory in
            let ear = Ear(laboratory.connections)
            let driver = laboratory.driver
            let (specification, other) = (laboratory.specification("web"), laboratory.specification("other"))
            try await driver.create(specification)
            try await driver.start(specification.id)
            try await ear.expect(specification.id, "stop") {
                _ = try await driver.observe(specification.id)
                _ = try await driver.list()
                try await driver.start(specification.id)
                // News keep their order: when this is heard, all that came before was.
                try await ear.expect(other.id, "define") { try await driver.create(other) }
                #expect(!ear.hasHeard(of: specification.id))
                try await driver.stop(specification.id, grace: .zero)
            }
        }
    }

    @Test("what is done through another connection is heard of", arguments: Bench.withStorage)
    func another(bench: Bench) async throws {
        try await bench.run { laboratory in
            let ear = Ear(laboratory.connections)
            let specification = laboratory.specification("web")
            let id = specification.id
            try await laboratory.driver.create(specification)
            let other = Connections().driver(for: laboratory.endpoint)
            try await ear.expect(id, "start") { try await other.start(id) }
            try await ear.expect(id, "stop") { try await other.stop(id, grace: .zero) }
            try await ear.expect(id, "destroy") { try await other.destroy(id) }
        }
    }

    @Test("what is done with virsh is heard of")
    func virsh() async throws {
        try await Bench.qemu.run { laboratory in
            let ear = Ear(laboratory.connections)
            let specification = laboratory.specification("web")
            let id = specification.id
            try await laboratory.driver.create(specification)
            for words in [["start"], ["suspend"], ["resume"], ["destroy"], ["undefine", "--nvram"]] {
                try await ear.expect(id, "\(words)") {
                    _ = try Shell.run(["virsh", "-q", "-c", "qemu:///system"] + words + ["\(id)"])
                }
            }
        }
    }

    @Test("the merge of a snapshot into its disk is heard of")
    func merge() async throws {
        try await Bench.qemu.run { laboratory in
            let ear = Ear(laboratory.connections)
            let specification = laboratory.specification("web")
            let id = specification.id
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(id)
            try Shell.virsh("snapshot-create-as", "\(id)", "night", "--disk-only", "--no-metadata")
            try await ear.expect(id, "blockcommit") {
                try Shell.virsh("blockcommit", "\(id)", "vda", "--active", "--pivot")
            }
            #expect(try await laboratory.driver.observe(id)?.disks.map(\.isReplaced) == [false])
        }
    }

    @Test("a connection that is opened anew is heard again")
    func reconnect() async throws {
        try await Bench.qemu.run { laboratory in
            let socket = try ListeningSocket(relayingTo: "/var/run/libvirt/libvirt-sock")
            defer { socket.close() }
            let connections = Connections(within: .tests)
            let driver = connections.driver(
                for: Endpoint(
                    name: "lab", driver: .libvirt, uri: "qemu+unix:///system?socket=\(socket.path)&mode=direct"))
            let ear = Ear(connections)
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            _ = try await driver.list()
            try await ear.expect(specification.id, "start") { try await laboratory.driver.start(specification.id) }
            #expect(socket.cut() == 1)
            _ = try await driver.list()
            try await ear.expect(specification.id, "stop") {
                try await laboratory.driver.stop(specification.id, grace: .zero)
            }
        }
    }
}
