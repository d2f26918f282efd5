import Cascade
import OrderedCollections
import Testing
import Tree
import Views

@Suite("What a tool sees of a definition")
struct ToolTests {
    private let definition = """
        vars:
          role: web
          title: x
          profile::ssh::port: 22
          log: "%{Referer}i"
          motd: "{{ lookup('pipe', 'id') }}"
          ansible_user: eva
          deep: {"f()": 1, ok: 2}
          lookup_options: {}
        puppet: {classes: [ntp], environment: production, lookup_options: {role: {merge: unique}}}
        ansible: {user: debian, groups: [g]}
        """

    private func sights(_ tool: Tool) throws -> [String] {
        tool.sights(try machine("/a/web", definition)).map { sight in
            let reasons = sight.reasons.map { " | \($0.key): \($0.reason)" }.joined()
            return "\(sight.key) → \(sight.place?.description ?? "nothing")\(reasons)"
        }
    }

    @Test("names what Puppet's node classifier leaves out, and where the rest stands")
    func enc() throws {
        let name = "no Puppet variable is called so; expected [a-z_][a-zA-Z0-9_]*. Hiera serves it"
        #expect(
            try sights(.enc) == [
                "vars.role → parameters.role",
                "vars.title → nothing | vars.title: Puppet sets $title itself. Hiera serves it",
                "vars.profile::ssh::port → nothing | vars.profile::ssh::port: \(name)", "vars.log → parameters.log",
                "vars.motd → parameters.motd", "vars.ansible_user → parameters.ansible_user",
                "vars.deep → parameters.deep", "vars.lookup_options → parameters.lookup_options",
                "puppet.classes → classes | puppet.classes: a list of classes is sent as a map, without parameters",
                "puppet.environment → environment",
            ])
    }

    @Test("names what is escaped for Hiera")
    func hiera() throws {
        let sights = try sights(.hiera)
        #expect(
            sights.contains(
                "vars.log → log | vars.log: each %{ is escaped, or Puppet would interpolate it; "
                    + "puppet.interpolate: true lets it through"))
        #expect(sights.contains("puppet.lookup_options → lookup_options"))
        #expect(
            sights.contains(
                "vars.lookup_options → nothing | vars.lookup_options: Hiera reads how to look keys up from it; "
                    + "expected puppet.lookup_options, which is served in its place"))
    }

    @Test("names what Ansible gets elsewhere, as text, from another key, or not at all")
    func ansible() throws {
        let elsewhere = "Ansible takes only [A-Za-z_][A-Za-z0-9_]* for a variable; it stands under headwater.other"
        let call = "left out: Ansible before 2.19 could run it as code, being a key it cannot be marked as text"
        #expect(
            try sights(.ansible) == [
                "vars.role → role", "vars.title → title",
                "vars.profile::ssh::port → headwater.other.profile::ssh::port | vars.profile::ssh::port: \(elsewhere)",
                "vars.log → log",
                "vars.motd → motd | vars.motd: sent as text that Ansible does not run as code; "
                    + "ansible.templates: true lets it through",
                "vars.ansible_user → nothing | vars.ansible_user: left out: ansible.user takes its place",
                "vars.deep → deep | vars.deep.f(): \(call)", "vars.lookup_options → lookup_options",
                "ansible.user → ansible_user",
            ])
    }

    @Test("has for each variable what the document has, and names the reason wherever that is not the value itself")
    func honest() throws {
        let subject = try machine("/a/web", definition)
        for tool in Tool.allCases {
            let document = Value.map(tool.document(subject))
            for sight in tool.sights(subject) {
                let found = sight.place?.keys.reduce(document as Value?) { $0?.map?[$1] }
                let written = sight.key.keys.reduce(Value.map(subject.computed.definition) as Value?) { $0?.map?[$1] }
                #expect(found == sight.value, "\(tool) \(sight.key)")
                #expect((sight.value == nil) == (sight.place == nil), "\(tool) \(sight.key)")
                if found != written { #expect(!sight.reasons.isEmpty, "\(tool) \(sight.key)") }
            }
        }
    }

    @Test("is all of it for Salt")
    func pillar() throws {
        #expect(try sights(.pillar).allSatisfy { !$0.contains("|") && !$0.contains("nothing") })
    }
}
