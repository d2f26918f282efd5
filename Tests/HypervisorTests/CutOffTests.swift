import Foundation
import Hypervisor
import Lifecycle
import TestSupport
import Testing
import Tree

@Suite("A call that was cut off and is made again", .serialized, .timeLimit(.minutes(3)))
struct CutOffTests {
    @Test("a start that finds the machine still being started waits for that, and succeeds")
    func start() async throws {
        let libvirtd = try PrivateLibvirtd()
        try libvirtd.start()
        let endpoint = Endpoint(name: "lab", driver: .libvirt, uri: libvirtd.uri)
        let driver = Connections(within: .tests).driver(for: endpoint)
        let specification = Specification(
            id: .random(), name: "web", endpoint: endpoint, memory: Size(bytes: 32 << 20))
        let id = specification.id
        try await driver.create(specification)
        try slowDown(id, on: libvirtd)
        let cutOff = Task { try? await driver.start(id) }
        var power: Power?
        for _ in 0..<200 where power != .starting {
            power = try await driver.observe(id)?.power
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(power == .starting)
        cutOff.cancel()
        try await driver.start(id)
        #expect(try await driver.observe(id)?.power == .running)
        try await driver.destroy(specification)
        let left = try await driver.observe(id)
        #expect(left == nil)
    }

    @Test("a creation that finds the disk still being copied says that it can be tried again, and then succeeds")
    func copy() async throws {
        try await Bench.qemu.run { laboratory in
            let driver = laboratory.driver
            try await driver.create(laboratory.specification("pool"))
            let directory = "/var/lib/libvirt/\(laboratory.tag)"
            try Shell.run("dd", "if=/dev/urandom", "of=\(directory)/large.img", "bs=1M", "count=300", "status=none")
            let specification = laboratory.specification("web") {
                $0.disks[0].origin = .copy(Image(name: "large", source: .file("\(directory)/large.img")))
                $0.disks[0].size = nil
            }
            let volume = "\(directory)/\(specification.id)-root.qcow2"
            let cutOff = Task { try await driver.create(specification) }
            for _ in 0..<2000 where !FileManager.default.fileExists(atPath: volume) {
                try await Task.sleep(for: .milliseconds(5))
            }
            cutOff.cancel()
            _ = await cutOff.result
            var failures: [DriverError] = []
            for _ in 0..<300 {
                do throws(DriverError) {
                    try await driver.create(specification)
                    break
                } catch {
                    failures.append(error)
                }
                try await Task.sleep(for: .milliseconds(200))
            }
            #expect(failures.filter { !$0.isTransient } == [])
            #expect(try await driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
            #expect(try await driver.destroy(specification) == [])
        }
    }

    /// Gives the machine a QEMU that takes its time.
    private func slowDown(_ id: EntryID, on libvirtd: PrivateLibvirtd) throws {
        let emulator = libvirtd.directory + "/slow-qemu"
        let script = """
            #!/bin/sh
            case "$*" in *guest=*) sleep 3 ;; esac
            exec qemu-system-x86_64 "$@"
            """
        try Data(script.utf8).write(to: URL(filePath: emulator))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: emulator)
        let description = try Shell.run("virsh", "-q", "-c", libvirtd.uri, "dumpxml", "\(id)")
            .replacing(#/<emulator>.*</emulator>/#, with: "<emulator>\(emulator)</emulator>")
        let file = libvirtd.directory + "/web.xml"
        try Data(description.utf8).write(to: URL(filePath: file))
        try Shell.run("virsh", "-q", "-c", libvirtd.uri, "define", file)
    }

    @Test(
        "a machine that is destroyed several times at once is gone, and nobody is told of a failure",
        arguments: Bench.allCases)
    func destroy(bench: Bench) async throws {
        try await bench.run { laboratory in
            let driver = laboratory.driver
            for round in 0..<4 {
                let specification = laboratory.specification("web")
                let id = specification.id
                try await driver.create(specification)
                try await driver.start(id)
                let cutOff = Task { try? await driver.destroy(specification) }
                try await Task.sleep(for: .milliseconds(5 * round))
                cutOff.cancel()
                try await withThrowingTaskGroup { group in
                    for _ in 0..<3 { group.addTask { try await driver.destroy(specification) } }
                    try await group.waitForAll()
                }
                let left = try await driver.observe(id)
                #expect(left == nil)
                if bench == .qemu {
                    let files = try FileManager.default.contentsOfDirectory(
                        atPath: "/var/lib/libvirt/\(laboratory.tag)")
                    #expect(files == [])
                }
            }
        }
    }
}
