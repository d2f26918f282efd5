import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Whatever somebody did to a machine on QEMU by hand", .serialized)
struct HandLawTests {
    /// In the ordinary suite a few histories, each time others; many where slow tests are asked for.
    private static let rounds = Slow.isAsked ? 60 : 3

    /// What is done by hand.
    private enum Change: CaseIterable {
        case device, cpu, disk, metadata, title, snapshot, tuning, card, link, crashAction, processors, content
    }

    /// What is asked of the daemon, with the keys that are pending then.
    private enum Ask: CaseIterable {
        case memory, cpus, shares, boot, model, plainStart, keptStart, reconcile, destroy, rebuild

        /// The beginnings of the lines of a domain's description that it may change.
        var lines: [String] {
            switch self {
            case .memory: ["<memory ", "<currentMemory "]
            case .cpus: ["<vcpu "]
            case .shares: ["<cputune>", "<shares>", "</cputune>"]
            case .boot: ["<boot "]
            case .model: ["<model type="]
            // What drifted of processors and cards.
            case .reconcile:
                [
                    "<vcpu ", "<interface ", "<mac ", "<source network=", "<model type=", "<address type='pci'",
                    "</interface>",
                ]
            // A machine that has just begun may be told that KVM is none.
            case .plainStart, .keptStart, .destroy, .rebuild: []
            }
        }
    }

    @Test("a verb writes what it names and nothing else, and no disk's content changes")
    func law() async throws {
        var random = Seeded()
        for round in 0..<Self.rounds {
            try await Virsh.with { virsh in
                let lab = try await Lab(virsh)
                let result: Result<Void, any Error>
                do {
                    result = .success(try await history(lab, &random, "\(random), round \(round)"))
                } catch {
                    result = .failure(error)
                }
                await lab.close()
                try result.get()
            }
        }
    }

    private func history(_ lab: Lab, _ random: inout Seeded, _ where: String) async throws {
        var story = [`where`]
        for number in 0..<4 {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let change = random.pick(Change.allCases)
                story.append("by hand: \(change)")
                try await lab.make(change, number)
            }
            let ask = random.pick(Ask.allCases)
            story.append("\(ask)")
            let (before, content) = (try await lab.description(), try lab.content())
            let isChanged = lab.hasForeignDisk
            let (state, error) = try await lab.ask(ask, number)
            story.append("→ \(state) \(error ?? "")")
            let comment = Comment(rawValue: story.joined(separator: "\n"))
            if [.destroy, .rebuild].contains(ask), !isChanged {
                #expect(state == "done", comment)
                guard ask == .rebuild else { return }
                // libvirt orders the devices of a domain anew when it starts for the first time.
                for verb in ["start", "poweroff"] { _ = try await lab.daemon.api.finish(verb, "/hand/vm") }
                continue
            }
            // A disk that is another one stops what would delete it; a start and a reconciliation leave it.
            if [.destroy, .rebuild].contains(ask) { #expect(state == "failed", comment) }
            let after = try await lab.description()
            let differing = after.difference(from: before).compactMap { change in
                let line =
                    switch change {
                    case .insert(_, let line, _), .remove(_, let line, _): line.trimmingCharacters(in: .whitespaces)
                    }
                return ask.lines.contains(where: line.hasPrefix) ? nil : line
            }
            #expect(differing == [], comment)
            #expect(try lab.content() == content, comment)
            _ = try await lab.daemon.api.finish("poweroff", "/hand/vm")
        }
    }

    /// A daemon with one machine.
    private final class Lab {
        let virsh: Virsh
        let daemon: Daemon
        private(set) var id = ""
        /// Whether the disk in use is another one than was made.
        private(set) var hasForeignDisk = false
        private let scratch: Scratch

        init(_ virsh: Virsh) async throws {
            self.virsh = virsh
            scratch = try Scratch()
            daemon = try await Daemon.start(in: scratch)
            // A network that is there wherever QEMU is, without addresses.
            let network = scratch.file("network.xml")
            try Data("<network><name>\(virsh.tag)</name><bridge name='\(virsh.tag.suffix(11))'/></network>".utf8)
                .write(to: URL(filePath: network))
            _ = try await virsh.lines("net-create", network)
            try await daemon.api.put(
                "/hand", "folder",
                [
                    "hypervisor": "lab", "hypervisors": ["lab": ["driver": "libvirt", "uri": "qemu:///system"]],
                    "pools": ["default": ["pool": .string(virsh.tag), "path": .string(virsh.directory)]],
                    "networks": ["lan": ["network": .string(virsh.tag)]],
                    "disks": ["root": ["size": "16MiB"]], "hardware": ["cpus": 1, "memory": "64MiB"],
                    "nics": ["eth0": ["network": "lan"]],
                ])
            try await daemon.api.put("/hand/vm")
            let created = try await daemon.api.finish("create", "/hand/vm")
            try #require(created["state"] == "done", "\(created)")
            id = try #require(try await daemon.api.get("/v1/tree/hand/vm")["vm"]?["uuid"]?.string)
            // From the first start on libvirt has chosen all that it chooses.
            for verb in ["start", "poweroff"] {
                try #require(try await daemon.api.finish(verb, "/hand/vm")["state"] == "done")
            }
        }

        func close() async {
            _ = try? await virsh("destroy", id)
            _ = try? await virsh("undefine", "--snapshots-metadata", id)
            _ = try? await virsh("net-destroy", virsh.tag)
            _ = await daemon.end()
        }

        func description() async throws -> [String] {
            try await virsh.description(id).split(separator: "\n").map(String.init)
        }

        /// The bytes of all files, by their names.
        func content() throws -> [String: Data] {
            let names = try FileManager.default.contentsOfDirectory(atPath: virsh.directory)
            return try Dictionary(
                uniqueKeysWithValues: names.map {
                    ($0, try Data(contentsOf: URL(filePath: "\(virsh.directory)/\($0)")))
                })
        }

        func make(_ change: Change, _ number: Int) async throws {
            try await apply(change, number)
            // Whatever is written has its elements in libvirt's own order from then on.
            try await virsh.edit(id) { $0 }
        }

        private func apply(_ change: Change, _ number: Int) async throws {
            switch change {
            case .device:
                try await edit("</devices>", "<panic model='isa'/></devices>", unless: "<panic")
            case .cpu:
                try await virsh.edit(id) { text in
                    text.replacing(/<cpu mode='maximum'[^>]*>/, with: "<cpu mode='custom'><model>qemu64</model></cpu>")
                }
            case .disk:
                let file = "\(virsh.directory)/extra\(number).qcow2"
                guard !FileManager.default.fileExists(atPath: file) else { return }
                _ = try await run(Repository.tool("qemu-img"), ["create", "-q", "-f", "qcow2", file, "1M"])
                let target = "vd\("bcde".dropFirst(number).first ?? "f")"
                _ = try await virsh.lines("attach-disk", id, file, target, "--config", "--subdriver", "qcow2")
            case .metadata:
                try await edit(
                    "<metadata>", "<metadata><a:app xmlns:a='urn:app' a:x='&lt;1&gt;'><!-- by hand --><a:y/></a:app>",
                    unless: "urn:app")
            case .title:
                _ = try await virsh.lines("desc", id, "--config", "--new-desc", "by hand <\(number)> & more")
            case .snapshot:
                _ = try await virsh.lines(
                    "snapshot-create-as", id, "s\(number)-\(UInt16.random(in: 0 ... .max))", "--disk-only",
                    "--no-metadata")
                hasForeignDisk = true
            case .tuning:
                _ = try await virsh.lines("memtune", id, "--hard-limit", "\(900_000 + number)", "--config")
            case .card:
                _ = try await virsh.lines(
                    "attach-interface", id, "network", virsh.tag, "--mac", "52:54:00:00:00:0\(number)", "--config")
            case .link:
                try await edit("<model type='virtio'/>", "<model type='virtio'/><link state='down'/>", unless: "<link")
            case .crashAction:
                try await edit("<on_crash>destroy", "<on_crash>preserve", unless: "preserve")
            case .processors:
                _ = try await virsh.lines("setvcpus", id, "\(2 + number)", "--config", "--maximum")
            case .content:
                let disk = try #require(
                    try await virsh.lines("domblklist", id).first { $0.hasPrefix("vda") }?.split(separator: " ").last)
                _ = try await run(Repository.tool("qemu-io"), ["-c", "write -P 0x\(number)b 0 64k", String(disk)])
            }
        }

        private func edit(_ old: String, _ new: String, unless mark: String) async throws {
            guard try await !virsh.description(id).contains(mark) else { return }
            try await virsh.edit(id) { $0.replacing(old, with: new) }
        }

        /// - Returns: the state that the operation ended in, and its error.
        func ask(_ ask: Ask, _ number: Int) async throws -> (String, String?) {
            let change: Value? =
                switch ask {
                case .memory: ["hardware": ["memory": .string("\(70 + number)MiB")]]
                case .cpus: ["hardware": ["cpus": .integer(2 + number)]]
                case .shares: ["limits": ["cpu_shares": .integer(200 + number)]]
                case .boot: ["boot": number % 2 == 0 ? ["network"] : ["cdrom", "disk"]]
                case .model: ["nics": ["eth0": ["model": number % 2 == 0 ? "e1000" : "e1000e"]]]
                case .plainStart, .keptStart, .reconcile, .destroy, .rebuild: nil
                }
            if let change {
                let answer = try await daemon.api.send("PATCH", "/v1/tree/hand/vm", change)
                try #require(answer.status == 200, "\(answer.text)")
            }
            let operation =
                switch ask {
                case .reconcile: try await daemon.api.finish("reconcile", "/hand/vm")
                case .destroy: try await daemon.api.finish("destroy", "/hand/vm")
                case .rebuild: try await daemon.api.finish("rebuild", "/hand/vm")
                case .keptStart: try await daemon.api.finish("start", "/hand/vm", "?keep")
                default: try await daemon.api.finish("start", "/hand/vm")
                }
            return (operation["state"]?.string ?? "", operation["error"]?.string)
        }
    }
}
