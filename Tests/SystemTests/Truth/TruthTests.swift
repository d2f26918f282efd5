import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("One truth")
struct TruthTests {
    @Test("Puppet's classifier, Hiera, Ansible and Salt see the same values of every machine of the faculty")
    func all() async throws {
        try await Daemon.runFaculty { daemon in
            var truths: [Truth] = []
            for machine in try await Faculty.machines(of: daemon.api) {
                truths.append(
                    Truth(
                        path: machine.path, certname: machine.certname,
                        computed: try await daemon.api.get("/v1/computed\(machine.path)")))
            }
            let keys = Dictionary(
                uniqueKeysWithValues: truths.map { (Key($0.certname), $0.variables.keys + ["headwater"]) })
            let puppet = try await Puppet(daemon).views(keys)
            let salt = try await Salt(daemon).views(truths.map(\.certname))
            let list = try await Ansible(daemon, .plugin).inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            let ansible = try Inventory(list.json)

            var differences = Differences()
            for truth in truths {
                let name = truth.certname
                var (classifier, hiera) = (puppet[name]?["variables"]?.map, puppet[name]?["values"]?.map)
                var (host, pillar) = (ansible.variables(of: name), salt[name]?["pillar"]?.map)

                // What the service adds is the same for all; Ansible's holds what is no variable to it, too.
                let added = try #require(pillar?.removeValue(forKey: "headwater")?.map)
                #expect(added["path"] == .string(truth.path) && added["certname"] == .string(name))
                var hosts = host.removeValue(forKey: "headwater")?.map ?? [:]
                let others = hosts.removeValue(forKey: "other")?.map ?? [:]
                differences.compare("headwater in Ansible", name, .map(hosts), added)
                differences.compare(
                    "headwater in the classifier", name, classifier?.removeValue(forKey: "headwater"), added)
                differences.compare("headwater in Hiera", name, hiera?.removeValue(forKey: "headwater"), added)

                differences.compare("Salt's pillar", name, pillar.map(Value.map), truth.variables)
                differences.compare("Salt's top", name, salt[name]?["top"], truth.top)
                differences.compare("Hiera", name, hiera.map(Value.map), truth.variables)
                differences.compare(
                    "the classifier's variables", name, classifier.map(Value.map), truth.puppetVariables)
                differences.compare("the classifier's classes", name, puppet[name]?["classes"], truth.classes)
                differences.compare(
                    "the classifier's environment", name,
                    puppet[name].map { ["environment": $0["environment"] ?? .null] },
                    ["environment": truth.environment])
                #expect(others.keys.allSatisfy { !Inventory.isVariable($0.text) }, "\(name): \(others.keys)")
                differences.compare(
                    "Ansible", name, .map(host.merging(others) { first, _ in first }),
                    truth.variables.merging(truth.connection) { _, last in last })
                #expect(ansible.groups(of: name) == truth.groups, "\(name): Ansible's groups")
            }
            #expect(differences.lines == [])
            #expect(differences.count > 46 * 60)
        }
    }

    @Test("a difference is told by machine, tool and key")
    func difference() {
        var differences = Differences()
        differences.compare(
            "Hiera", "web.example", ["a": 1, "b": ["x": 1.0], "c": 0], ["b": ["x": 1], "a": 1, "d": .null])
        #expect(
            differences.lines == [
                #"web.example: Hiera: b: found {"x":1.0}, expected {"x":1}"#,
                "web.example: Hiera: d: found nothing, expected null",
                "web.example: Hiera: c: found 0, expected nothing",
            ])
    }
}
