import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("What somebody did to a machine of QEMU by hand", .serialized)
struct ByHandTests {
    @Test("a card that was attached stays as it is when one of ours is added, changed or taken away")
    func attached() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let hand = try attach(to: specification, laboratory)
            var changed = specification
            changed.nics[0].model = .e1000
            changed.nics.append(
                NIC(
                    name: "eth1", network: .network("default"),
                    mac: .allocate(for: specification.id, nic: "eth1", attempt: 0)))
            // What was cut off is done again.
            for _ in 0..<2 { try await laboratory.driver.update(specification, to: changed) }
            var expected: [String: [String]] = [
                "\(specification.nics[0].mac)": [laboratory.network, "e1000"],
                "\(changed.nics[1].mac)": ["default", "virtio"], hand: [laboratory.network, "rtl8139"],
            ]
            #expect(try cards(of: specification) == expected)
            var removed = changed
            removed.nics.removeFirst()
            expected["\(specification.nics[0].mac)"] = nil
            for _ in 0..<2 { try await laboratory.driver.update(changed, to: removed) }
            #expect(try cards(of: specification) == expected)
        }
    }

    @Test("a card that was attached in place of ours is not written over, and the error says what helps")
    func exchanged() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            let own = "\(specification.nics[0].mac)"
            try Shell.virsh("detach-interface", "\(specification.id)", "network", "--mac", own, "--config")
            let hand = try attach(to: specification, laboratory)
            var changed = specification
            changed.nics[0].model = .e1000
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.update(specification, to: changed)
            }
            #expect(error?.kind == .conflict)
            #expect(
                error?.message
                    == "nic eth0: the VM has no card of the address \(own) any more, and other cards are not written over; "
                    + "reconcile puts that right, start with --keep starts the VM as it is")
            #expect(try cards(of: specification) == [hand: [laboratory.network, "rtl8139"]])
        }
    }

    @Test("a change is not written beside a saved state, which a start goes on from")
    func saved() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            try Shell.virsh("managedsave", "\(specification.id)")
            var changed = specification
            changed.cpus = 1
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.update(specification, to: changed)
            }
            #expect(error?.kind == .conflict)
            #expect(
                error?.message
                    == "the VM's state was saved when it was stopped (virsh managedsave), and it would go on from there "
                    + "without what is changed; start with --keep goes on as it was, virsh managedsave-remove drops the state"
            )
            #expect(try await laboratory.driver.observe(specification.id)?.cpus == 2)
            // What changes nothing needs no such end.
            try await laboratory.driver.update(specification, to: specification)
            try await laboratory.driver.start(specification.id)
            try await laboratory.driver.stop(specification.id, grace: .zero)
            try await laboratory.driver.update(specification, to: changed)
            #expect(try await laboratory.driver.observe(specification.id)?.cpus == 1)
        }
    }

    @Test(
        "an order of boot that was given to devices, and a topology, give way to a boot order and a number of processors"
    )
    func contradictions() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            var text = try Shell.virsh("dumpxml", "--inactive", "\(specification.id)")
            text.replace(#/<boot dev='[a-z]+'/>/#, with: "")
            text.replace("<target dev='vda' bus='virtio'/>", with: "<target dev='vda' bus='virtio'/><boot order='1'/>")
            text.replace(
                #/<cpu mode='maximum'[^>]*?/>/#,
                with: "<cpu mode='maximum'><topology sockets='2' cores='1' threads='1'/></cpu>")
            try laboratory.define(text)
            var changed = specification
            changed.memory = Size(bytes: 80 << 20)
            try await laboratory.driver.update(specification, to: changed)
            let kept = try Shell.virsh("dumpxml", "--inactive", "\(specification.id)")
            #expect(kept.contains("<boot order='1'/>") && kept.contains("<topology"))
            var other = changed
            (other.boot, other.cpus) = ([.network, .disk], 3)
            try await laboratory.driver.update(changed, to: other)
            let written = try Shell.virsh("dumpxml", "--inactive", "\(specification.id)")
            #expect(!written.contains("<boot order") && !written.contains("<topology"))
            #expect(written.contains("<boot dev='network'/>") && written.contains(">3</vcpu>"))
        }
    }

    @Test("a machine that was started while it was being made is off when it is made, and has its disks")
    func started() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try laboratory.define(
                """
                <domain type='qemu'><name>\(specification.name)</name><uuid>\(specification.id)</uuid>
                <metadata><headwater:machine xmlns:headwater='urn:x-headwater:machine:1' uuid='\(specification.id)'
                making='yes'/></metadata><memory>65536</memory><os><type>hvm</type></os></domain>
                """)
            try Shell.virsh("start", "\(specification.id)")
            try await laboratory.driver.create(specification)
            #expect(try await laboratory.driver.observe(specification.id)?.power == .off)
            try await laboratory.driver.start(specification.id)
            #expect(try Shell.virsh("domblklist", "\(specification.id)").contains("\(specification.id)-root.qcow2"))
        }
    }

    @Test("a machine that was undefined while it runs can be released")
    func transient() async throws {
        try await Bench.qemu.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            try Shell.virsh("undefine", "\(specification.id)")
            #expect(try await laboratory.driver.observe(specification.id)?.isOurs == true)
            try await #require(laboratory.driver as? any Releasing).release(specification.id)
            let seen = try await laboratory.driver.observe(specification.id)
            #expect(seen?.isOurs == false && seen?.power == .running)
        }
    }

    /// Attaches a card.
    /// - Returns: its address.
    private func attach(to specification: Specification, _ laboratory: Laboratory) throws -> String {
        let address = "52:54:00:99:99:99"
        try Shell.virsh(
            "attach-interface", "\(specification.id)", "network", laboratory.network, "--mac", address, "--model",
            "rtl8139", "--config")
        return address
    }

    /// The network and the model of each card, by address.
    private func cards(of specification: Specification) throws -> [String: [String]] {
        let lines = try Shell.virsh("domiflist", "--inactive", "\(specification.id)").split(separator: "\n")
        var cards: [String: [String]] = [:]
        for line in lines {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.count == 5 else { continue }
            cards[words[4]] = [words[2], words[3]]
        }
        return cards
    }
}
