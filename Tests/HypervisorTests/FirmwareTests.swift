import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("What the UEFI firmware of a machine on QEMU remembers", .serialized)
struct FirmwareTests {
    @Test("stays through starts and stops, and goes with the machine's disks")
    func ours() async throws {
        try await Bench.qemu.run { laboratory in
            let (driver, specification) = (laboratory.driver, specification(laboratory))
            try await driver.create(specification)
            #expect(try await driver.observe(specification.id)?.firmware == .uefi)
            try await driver.start(specification.id)
            let file = try nvram(specification.id)
            let number = try inode(file)
            try await driver.stop(specification.id, grace: .zero)
            try await driver.start(specification.id)
            #expect(try inode(file) == number)
            #expect(try await driver.destroy(specification) == [])
            #expect(!FileManager.default.fileExists(atPath: file))
            // Made anew, it begins anew.
            try await driver.create(specification)
            try await driver.start(specification.id)
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("stays with the disks that are kept, and is taken up with them")
    func kept() async throws {
        try await Bench.qemu.run { laboratory in
            let (driver, specification) = (laboratory.driver, specification(laboratory))
            try await driver.create(specification)
            try await driver.start(specification.id)
            let file = try nvram(specification.id)
            let number = try inode(file)
            let left = try await driver.destroy(specification, keepDisks: true)
            #expect(left.contains(file) && left.contains { $0.hasSuffix("-root.qcow2") }, "\(left)")
            #expect(try inode(file) == number)
            try await driver.create(specification, keepDisks: true)
            try await driver.start(specification.id)
            #expect(try inode(file) == number)
        }
    }

    @Test("is left where the machine was not made here")
    func adopted() async throws {
        try await Bench.qemu.run { laboratory in
            let (driver, id) = (laboratory.driver, EntryID.random())
            try laboratory.define(
                """
                <domain type='qemu'><name>\(laboratory.tag).old</name><uuid>\(id)</uuid><memory unit='MiB'>64</memory>
                <os firmware='efi'><type machine='q35'>hvm</type></os><features><acpi/></features></domain>
                """)
            #expect(try await driver.observe(id)?.firmware == .uefi)
            try await driver.start(id)
            let file = try nvram(id)
            let number = try inode(file)
            #expect(try await driver.destroy(id, disks: [], keepDisks: false) == [file])
            #expect(try inode(file) == number)
        }
    }

    private func specification(_ laboratory: Laboratory) -> Specification {
        laboratory.specification("web") {
            $0.firmware = .uefi
            $0.nics = []
        }
    }

    private func nvram(_ id: EntryID) throws -> String {
        let description = try Shell.virsh("dumpxml", "\(id)")
        return String(try #require(description.firstMatch(of: #/<nvram[^>]*>([^<]+)</nvram>/#)).1)
    }

    /// Another number is another file.
    private func inode(_ file: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int)
    }
}
