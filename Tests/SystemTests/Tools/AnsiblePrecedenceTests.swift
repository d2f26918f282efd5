import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Ansible with variables in files, beside the inventory and beside the playbook", .serialized)
struct AnsiblePrecedenceTests {
    @Test("script, plugin and a file of the same hosts give the same variables, and host_vars go before Headwater's")
    func precedence() async throws {
        try await Self.compare(programs: nil)
    }

    @Test("the same holds on each older Ansible", .enabled(if: Slow.isAsked))
    func older() async throws {
        let list = try String(contentsOfFile: Repository.path("scripts/older-ansibles.txt"), encoding: .utf8)
        let versions = list.split(separator: "\n").filter { !$0.hasPrefix("#") }
        try #require(!versions.isEmpty)
        for version in versions {
            let programs = Repository.path(".venv/ansible-\(version)/bin")
            let shown = try await run(programs + "/ansible", ["--version"])
            #expect(shown.output.hasPrefix("ansible [core \(version)."), "\(shown.output)\(shown.errors)")
            try await Self.compare(programs: programs)
        }
    }

    private static func compare(programs: String?) async throws {
        try await Daemon.run { daemon in
            try await daemon.api.put("/lab/web", "vm", AnsibleProject.machine, query: "?parents=true")
            var listed: [Value] = []
            for source in [Ansible.Source.plugin, .script, nil] {
                let project = try await AnsibleProject(daemon, source, programs: programs)
                let list = try await project.variables()
                #expect(list.status == 0, "\(list.errors)")
                let variables = try list.json["_meta"]?["hostvars"]?["web.lab"]
                listed.append(variables ?? .null)
                for (name, who) in AnsibleProject.expected.map ?? [:] {
                    #expect(variables?[name.text] == who, "\(source.map { "\($0)" } ?? "file"): \(name)")
                }
                let play = try await project.play()
                #expect(play.outcome.status == 0, "\(play.outcome.output)\(play.outcome.errors)")
                #expect(play.seen == AnsibleProject.expected, "\(source.map { "\($0)" } ?? "file")")
            }
            #expect(listed[0] == listed[1] && listed[1] == listed[2])
        }
    }
}
