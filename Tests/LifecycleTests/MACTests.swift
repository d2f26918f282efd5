import Lifecycle
import TestSupport
import Testing
import Tree

@Suite("MAC addresses")
struct MACTests {
    @Test(
        "an address is read with colons or hyphens in either case, and printed in one way",
        arguments: ["52:54:00:ab:cd:0f", "52:54:00:AB:CD:0F", "52-54-00-ab-cd-0f"])
    func reads(text: String) {
        #expect(MAC(text)?.description == "52:54:00:ab:cd:0f")
    }

    @Test(
        "what is no address is none",
        arguments: [
            "", "52:54:00:12:34", "52:54:00:12:34:56:78", "52:54:00:12:34:5g", "52:54:00:12:34:5", "525400123456",
            "52:54-00:12:34:56", "+2:54:00:12:34:56", "52:54:00:12:34:56 ", "52::54:00:12:34",
        ])
    func refuses(text: String) {
        #expect(MAC(text) == nil)
    }

    @Test("an allocated address is always the same for the same card, and another for the next attempt")
    func deterministic() throws {
        let id = try #require(EntryID("7d9f3c1e-5a0b-4c2d-8e4f-102030405060"))
        #expect(MAC.allocate(for: id, nic: "eth0", attempt: 0).description == "92:e6:f7:47:11:83")
        #expect(MAC.allocate(for: id, nic: "eth0", attempt: 1).description == "82:42:7d:00:6d:9f")
        #expect(MAC.allocate(for: id, nic: "eth1", attempt: 0).description == "d2:6c:8c:35:63:64")
    }

    @Test("100,000 machines with two cards each get addresses of their own, local and unicast, none with libvirt's FE")
    func spread() {
        var random = Seeded()
        var seen: Set<MAC> = []
        var again = 0
        for _ in 0..<100_000 {
            let id = EntryID.random(using: &random)
            for nic in ["eth0", "eth1"] {
                var attempt = 0
                var mac = MAC.allocate(for: id, nic: nic, attempt: attempt)
                while !seen.insert(mac).inserted {
                    attempt += 1
                    mac = MAC.allocate(for: id, nic: nic, attempt: attempt)
                }
                again += attempt
                #expect(mac.isLocallyAdministered && !mac.isMulticast, "\(random)")
                #expect(mac.bits >> 40 & 0x0F == 2, "\(random)")
            }
        }
        // 44 bits: three collisions among them would be a wonder.
        #expect(again < 3, "\(random)")
    }

    @Test("machines whose UUIDs differ in one bit get addresses that differ in about half of theirs")
    func mixed() throws {
        let one = try #require(EntryID("7d9f3c1e-5a0b-4c2d-8e4f-102030405060"))
        let other = try #require(EntryID("7d9f3c1e-5a0b-4c2d-8e4f-102030405061"))
        let difference =
            MAC.allocate(for: one, nic: "eth0", attempt: 0).bits
            ^ MAC.allocate(for: other, nic: "eth0", attempt: 0).bits
        #expect((11...33).contains(difference.nonzeroBitCount))
    }
}
