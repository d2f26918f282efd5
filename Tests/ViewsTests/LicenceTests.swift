import Cascade
import OrderedCollections
import Testing
import Tree
import Views

/// Machines of three levels: `/`, `/a`, and `/a/web`.
@Suite("What ansible.templates and puppet.interpolate let through")
struct LicenceTests {
    private static let code = "{{ lookup('pipe', 'id') }} %{facts.os}"

    private func subject(_ root: String, _ folder: String, _ own: String) throws -> Subject {
        func layer(_ text: String, _ path: String, _ kind: Kind) throws -> Layer {
            Layer(
                source: Source(path: try Path(path), kind: kind),
                definition: try yaml(text.replacing("CODE", with: "\"\(Self.code)\"")), revision: 1)
        }
        let inheritance = Inheritance(root: try layer(root, "/", .folder)).entering(try layer(folder, "/a", .folder))
        let computed = inheritance.compute(try layer(own, "/a/web", .vm))
        #expect(computed.problems == [])
        return Subject(computed, Facts(state: "running"))
    }

    /// What of a variable Ansible and Puppet get as code: nothing or all of it.
    private func isLetThrough(_ name: Key, _ subject: Subject) throws -> Bool {
        let ansible = try #require(Ansible.variables(subject)[name])
        let hiera = try #require(Hiera.document(subject)[name])
        #expect(Hiera.value(name, of: subject) == hiera)
        let isCode = !"\(ansible)".contains("__ansible_unsafe")
        #expect(isCode == !"\(hiera)".contains("literal("))
        return isCode
    }

    private static let flags = "ansible: {templates: true}, puppet: {interpolate: true}"

    @Test(
        "is what the level that says so says itself, and what farther ones do",
        arguments: [
            // Whoever names a prototype, it is said where the prototype is defined.
            ("{prototypes: {p: {\(flags)}}, vars: {x: CODE}}", "{}", "{prototype: p}", true),
            ("{prototypes: {p: {\(flags)}}}", "{}", "{prototype: p, vars: {x: CODE}}", false),
            ("{prototypes: {p: {\(flags)}}}", "{prototypes: {p: {vars: {x: CODE}}}}", "{prototype: p}", false),
            ("{prototypes: {p: {\(flags), vars: {x: CODE}}}}", "{}", "{prototype: p}", true),
            ("{\(flags), vars: {x: CODE}}", "{}", "{}", true),
            ("{\(flags)}", "{vars: {x: CODE}}", "{}", false),
            ("{\(flags)}", "{}", "{vars: {x: CODE}}", false),
            ("{vars: {x: CODE}}", "{\(flags)}", "{}", true),
            ("{}", "{\(flags), vars: {x: CODE}}", "{}", true),
            ("{}", "{\(flags)}", "{vars: {x: CODE}}", false),
            ("{}", "{}", "{\(flags), vars: {x: CODE}}", true),
            // Who says it again says it for himself, too.
            ("{\(flags), prototypes: {p: {\(flags)}}}", "{\(flags), vars: {x: CODE}}", "{prototype: p}", true),
            ("{\(flags), vars: {x: CODE}}", "{ansible: {templates: false}, puppet: {interpolate: false}}", "{}", false),
            // What a value refers to counts as much as the value.
            ("{\(flags), vars: {x: 'a ${{ vars.y }}', y: CODE}}", "{}", "{}", true),
            ("{\(flags), vars: {x: 'a ${{ vars.y }}'}}", "{}", "{vars: {y: CODE}}", false),
            ("{\(flags), vars: {x: '${{ vars.y }}', y: '${{ vars.z }}', z: CODE}}", "{vars: {z: CODE}}", "{}", false),
            ("{\(flags), vars: {x: '${{ vars.m }}', m: {a: CODE}}}", "{vars: {m: {b: CODE}}}", "{}", false),
            // A list that nearer levels add to is theirs as well.
            ("{\(flags), merge: {vars.x: append}, vars: {x: [CODE]}}", "{vars: {x: [CODE]}}", "{}", false),
            ("{\(flags), merge: {vars.x: append}, vars: {x: [CODE]}}", "{vars: {y: CODE}}", "{}", true),
        ])
    func levels(_ root: String, _ folder: String, _ own: String, _ isCode: Bool) throws {
        #expect(try isLetThrough("x", try subject(root, folder, own)) == isCode)
    }

    @Test("of a map is each value by who said it, its key as well")
    func maps() throws {
        let subject = try subject(
            "{\(Self.flags), vars: {x: {far: CODE, both: CODE, CODE: 1}}}",
            "{vars: {x: {near: CODE, both: CODE, 'f(%{x})': 2}}}", "{}")
        let unsafe: Value = ["__ansible_unsafe": .string(Self.code)]
        let code = Value.string(Self.code)
        #expect(
            Ansible.variables(subject)["x"] == ["far": code, "both": unsafe, Key(Self.code): 1, "near": unsafe])
        let escaped = Value.string(Self.code.replacing("%{", with: "%{literal('%')}{"))
        #expect(
            Hiera.document(subject)["x"] == [
                "far": code, "both": escaped, Key(Self.code): 1, "near": escaped, "f(%{literal('%')}{x})": 2,
            ])
        let reason = "left out: Ansible before 2.19 could run it as code, being a key it cannot be marked as text"
        #expect(Ansible.omissions(subject).map { "\($0.key): \($0.reason)" } == ["vars.x.\"f(%{x})\": \(reason)"])
    }

    @Test("is the connection of Ansible by the same rule, and nothing of what Headwater itself tells")
    func connection() throws {
        let subject = try subject(
            "{\(Self.flags), nics: {'eth0': {}}}", "{ansible: {user: CODE, templates: true}}", "{}")
        #expect(Ansible.variables(subject)["ansible_user"] == .string(Self.code))
        let nearer = try self.subject("{\(Self.flags)}", "{}", "{ansible: {user: CODE}}")
        #expect(Ansible.variables(nearer)["ansible_user"] == ["__ansible_unsafe": .string(Self.code)])
    }

    @Test("is told where it ends")
    func told() throws {
        let subject = try subject("{prototypes: {p: {\(Self.flags)}}}", "{}", "{prototype: p, vars: {x: CODE}}")
        func reasons(_ tool: Tool) -> [String] { tool.sights(subject).flatMap(\.reasons).map(\.reason) }
        #expect(
            reasons(.ansible) == [
                "sent as text that Ansible does not run as code; ansible.templates, from /common (prototype p), lets "
                    + "through only what is said there or above"
            ])
        #expect(
            reasons(.hiera) == [
                "each %{ is escaped, or Puppet would interpolate it; puppet.interpolate, from /common (prototype p), lets "
                    + "through only what is said there or above"
            ])
    }
}
