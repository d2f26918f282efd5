import Cascade
import OrderedCollections
import Testing
import Tree
import Views

@Suite("The map headwater")
struct HeadwaterTests {
    @Test("says where the machine stands, what it is called, what became of it, in this order")
    func complete() throws {
        let subject = try machine(
            "/courses/so/web", "{domain: lab.example, hypervisor: kvm-1, nics: {eth0: {}}}",
            nics: ["eth0": Facts.NIC(mac: "52:54:00:00:00:01", ipv4: ["10.0.0.7"], ipv6: ["2001:db8::7"])])
        #expect(
            json(Pillar.document(subject).map("headwater")) == """
                {"path":"/courses/so/web","name":"web","folder":"/courses/so",\
                "certname":"web.so.courses.lab.example","state":"running","hypervisor":"kvm-1",\
                "nics":{"eth0":{"mac":"52:54:00:00:00:01","ipv4":["10.0.0.7"],"ipv6":["2001:db8::7"]}},"revision":7}
                """)
    }

    @Test("is null where nothing is known")
    func unknown() throws {
        let headwater = Pillar.document(try machine("/web", "{nics: {eth0: {}}}", state: "provisioned"))
            .map("headwater")
        #expect(headwater["folder"] == "/")
        #expect(headwater["hypervisor"] == .null)
        #expect(headwater["nics"] == ["eth0": ["mac": .null, "ipv4": [], "ipv6": []]])
    }

    @Test("is the same in each of the tools' documents")
    func everywhere() throws {
        let subject = try machine("/web", "{nics: {eth0: {ipv4: [10.0.0.7/24]}}, vars: {a: 1}}")
        let pillar = Pillar.document(subject)["headwater"]
        #expect(ENC.document(subject).map("parameters")["headwater"] == pillar)
        #expect(Hiera.document(subject)["headwater"] == pillar)
        #expect(Ansible.variables(subject)["headwater"] == pillar)
    }

    @Test("gives addresses of the definition without their prefix length, then those observed, each once")
    func addresses() throws {
        let subject = try machine(
            "/web", "{nics: {eth0: {ipv4: [10.0.0.7/24], ipv6: ['2001:db8::7/64']}, eth1: {}}}",
            nics: [
                "eth2": Facts.NIC(ipv4: ["192.0.2.1"]),
                "eth0": Facts.NIC(ipv4: ["10.0.0.7", "10.0.0.8"], ipv6: ["2001:db8::7"]),
            ])
        let nics = Pillar.document(subject).map("headwater").map("nics")
        #expect(nics.keys == ["eth0", "eth1", "eth2"])
        #expect(nics.map("eth0")["ipv4"] == ["10.0.0.7", "10.0.0.8"])
        #expect(nics.map("eth0")["ipv6"] == ["2001:db8::7"])
    }

    @Test("takes an observed hardware address for the true one, and the defined one until there is any")
    func mac() throws {
        let definition = "{nics: {eth0: {mac: '52:54:00:00:00:01'}}}"
        func mac(_ nics: OrderedDictionary<String, Facts.NIC>) throws -> Value? {
            let subject = try machine("/web", definition, nics: nics)
            return Pillar.document(subject).map("headwater").map("nics").map("eth0")["mac"]
        }
        #expect(try mac([:]) == "52:54:00:00:00:01")
        #expect(try mac(["eth0": Facts.NIC(ipv4: ["10.0.0.7"])]) == "52:54:00:00:00:01")
        #expect(try mac(["eth0": Facts.NIC(mac: "52:54:00:00:00:02")]) == "52:54:00:00:00:02")
    }

    @Test("names the hypervisor that the machine is on rather than the one it is to be on")
    func hypervisor() throws {
        let subject = try machine("/web", "{hypervisor: kvm-1}", hypervisor: "kvm-2")
        #expect(Pillar.document(subject).map("headwater")["hypervisor"] == "kvm-2")
    }

    @Test("cannot be a variable of the user's")
    func reserved() throws {
        let problems = try machine("/web", "{vars: {headwater: mine}}").computed.problems
        #expect(
            problems.map(\.description) == [
                "/web: vars.headwater: \"headwater\" is what the service itself adds; expected another name"
            ])
    }
}
