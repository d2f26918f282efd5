import Foundation
import Testing

/// What `virsh` says of the real hypervisor of this host.
struct Virsh {
    /// Sets what this test makes apart from all else on the host: a pool of this name, and its directory.
    let tag = "headwater-\(UInt32.random(in: 0 ... .max))"

    /// Where the pool's volumes are; QEMU's own user can read there.
    var directory: String { "/var/lib/libvirt/\(tag)" }

    /// Runs `body` with libvirt's daemon at hand, and takes away what is left of the pool, and of domains whose
    /// names begin with the tag.
    static func with(_ body: (Virsh) async throws -> Void) async throws {
        let virsh = Virsh()
        let version = try await virsh("version")
        try #require(
            version.status == 0,
            "qemu:///system does not answer; run the tests under scripts/with-libvirt: \(version.errors)")
        do {
            try await body(virsh)
        } catch {
            try await virsh.clear()
            throw error
        }
        try await virsh.clear()
    }

    func callAsFunction(_ arguments: String...) async throws -> Outcome { try await ask(arguments) }

    /// The lines of a command that must succeed.
    func lines(_ arguments: String...) async throws -> [String] {
        let outcome = try await ask(arguments)
        try #require(outcome.status == 0, "\(outcome.command): \(outcome.errors)")
        let lines = outcome.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.filter { !$0.isEmpty }
    }

    /// A domain as it will be at its next start.
    func description(_ domain: String) async throws -> String {
        let outcome = try await ask(["dumpxml", "--inactive", domain])
        try #require(outcome.status == 0, "\(outcome.command): \(outcome.errors)")
        return outcome.output
    }

    /// Changes a domain by hand.
    func edit(_ domain: String, _ change: (String) -> String) async throws {
        let scratch = try Scratch()
        let changed = change(try await description(domain))
        _ = try await lines("define", scratch.write("domain.xml", changed))
    }

    private func ask(_ arguments: [String]) async throws -> Outcome {
        try await run(Repository.tool("virsh"), ["-q", "-c", "qemu:///system"] + arguments)
    }

    private func clear() async throws {
        for name in try await lines("list", "--all", "--name") where name.hasPrefix(tag) {
            _ = try await self("destroy", name)
            _ = try await self("undefine", name)
        }
        _ = try await self("pool-destroy", tag)
        _ = try await self("pool-undefine", tag)
        try? FileManager.default.removeItem(atPath: directory)
    }
}
