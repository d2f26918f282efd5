import Lifecycle
import OrderedCollections
import Testing
import Tree

@Suite("Where a machine is not what was made")
struct HardwareTests {
    private let a = MAC("52:54:00:00:00:0a")
    private let b = MAC("52:54:00:00:00:0b")
    private let c = MAC("52:54:00:00:00:0c")

    private func drift(
        _ made: OrderedDictionary<String, MAC?>, _ seen: OrderedDictionary<String, MAC?>
    ) -> [String] {
        let hardware = { (cards: OrderedDictionary<String, MAC?>) in
            Hardware(
                cpus: 1, memory: Size(bytes: 1 << 30),
                nics: cards.mapValues { Hardware.NIC(mac: $0, network: .network("lan")) })
        }
        return hardware(made).drift(to: hardware(seen)).map { difference in
            let values = [difference.before, difference.after].map {
                $0.map { "\($0.string ?? "a card")" } ?? "nothing"
            }
            return "\(difference.key): \(values[0]) → \(values[1])"
        }
    }

    @Test("cards are told apart by their addresses, whatever they are called and in which order they are")
    func order() {
        #expect(drift(["eth0": a, "eth1": b], ["vnet7": b, "vnet3": a]) == [])
        #expect(drift(["eth0": a, "eth1": b], ["eth0": b, "eth1": a]) == [])
    }

    @Test("an address that was changed is one difference")
    func changed() {
        let change = ["nics.eth0.mac: 52:54:00:00:00:0a → 52:54:00:00:00:0c"]
        #expect(drift(["eth0": a], ["eth0": c]) == change)
        #expect(drift(["eth0": a], ["vnet0": c]) == change)
        #expect(drift(["eth0": a, "eth1": b], ["eth0": b, "eth1": c]) == change)
    }

    @Test("a card that was taken away or added is one difference under its own name")
    func count() {
        #expect(drift(["eth0": a, "eth1": b], ["eth0": b]) == ["nics.eth0: a card → nothing"])
        #expect(drift(["eth0": a], ["eth0": a, "eth1": b]) == ["nics.eth1: nothing → a card"])
        // The stranger came before ours and has taken its name.
        #expect(drift(["eth0": a], ["eth0": b, "eth1": a]) == ["nics.52:54:00:00:00:0b: nothing → a card"])
    }

    @Test("the images that disks lean on are those of overlays, each once, and never a copy's or a CD's")
    func backings() {
        let definition: Map = [
            "image": "base",
            "disks": [
                "data": ["image": "base", "size": "4GiB"], "copy": ["image": "other", "mode": "copy"],
                "gone": ["image": "none"], "free": ["size": "1GiB"],
            ],
            "cdroms": ["cd": ["image": "other"]],
            "images": ["base": ["pool": "fast", "volume": "base.qcow2"], "other": ["file": "/srv/other.img"]],
            "pools": ["fast": ["pool": "nvme"]],
        ]
        let backings = Image.backings(of: definition)
        #expect(backings.map(\.name) == ["base"] && backings.map(\.place) == ["nvme/base.qcow2"])
        #expect(Image(named: "other", in: definition)?.place == "/srv/other.img")
        #expect(Image(named: "none", in: definition) == nil)
    }
}
