import Cascade
import Formats
import OrderedCollections
import Testing
import Tree
import Views

@Suite("The ENC document")
struct ENCTests {
    @Test("turns a list of classes into a map of empty maps")
    func classList() throws {
        let document = ENC.document(try machine("/web", "{puppet: {classes: [ntp, profile::web]}}"))
        #expect(document["classes"] == ["ntp": [:], "profile::web": [:]])
    }

    @Test("keeps the parameters of classes")
    func classMap() throws {
        let document = ENC.document(
            try machine("/web", "{puppet: {classes: {ntp: {servers: [a, b]}, profile::web: {}}}}"))
        #expect(document["classes"] == ["ntp": ["servers": ["a", "b"]], "profile::web": [:]])
    }

    @Test("has a map of classes even if there are none")
    func noClasses() throws {
        #expect(ENC.document(try machine())["classes"] == [:])
    }

    @Test("takes a class without a value for one without parameters")
    func nullParameters() throws {
        let document = ENC.document(try machine("/web", "{puppet: {classes: {ntp: }}}"))
        #expect(document["classes"] == ["ntp": [:]])
    }

    @Test(
        "gets no class of a name that Puppet would misread: it is refused when written",
        arguments: ["Profile::Web", "::ntp", "ntp::", "9p"])
    func className(_ name: String) throws {
        let problems = try machine("/web", "{puppet: {classes: {'\(name)': {}}}}").computed.problems
        #expect(
            problems.map(\.message) == [
                "expected the key to be a class name such as ntp or profile::web, found \"\(name)\""
            ])
    }

    @Test("has the environment if it is set, and no such key otherwise")
    func environment() throws {
        #expect(ENC.document(try machine("/web", "{puppet: {environment: staging}}"))["environment"] == "staging")
        #expect(ENC.document(try machine()).keys == ["classes", "parameters"])
    }

    @Test("has the variables with headwater beside them, in the order of the definition")
    func parameters() throws {
        let parameters = ENC.document(try machine("/web", "{vars: {zeta: 1, alpha: [true, null, 0.1], _x: {a.b: c}}}"))
            .map("parameters")
        #expect(parameters.keys == ["zeta", "alpha", "_x", "headwater"])
        #expect(parameters["alpha"] == [true, .null, 0.1])
    }

    @Test(
        "leaves out variables that Puppet cannot have, and says so",
        arguments: ["profile::ssh::port", "with-dash", "Upper", "9lives", "ñu", "a b", "", "e\u{301}"])
    func invalid(_ name: Key) throws {
        let subject = try machine("/web", "{vars: {kept: 1, \"\(name)\": 2}}")
        #expect(ENC.document(subject).map("parameters").keys == ["kept", "headwater"])
        #expect(
            ENC.omissions(subject).map { "\($0.key): \($0.reason)" } == [
                "\(DottedPath(keys: ["vars", name])): "
                    + "no Puppet variable is called so; expected [a-z_][a-zA-Z0-9_]*. Hiera serves it"
            ])
        #expect(Hiera.value(name, of: subject) == 2)
    }

    @Test(
        "leaves out variables that would fail the node or vanish, and says so",
        arguments: [
            "environment", "trusted", "facts", "server_facts", "name", "title", "module_name", "clientcert",
        ])
    func reserved(_ name: Key) throws {
        let subject = try machine("/web", "{vars: {\(name): x}}")
        #expect(ENC.document(subject).map("parameters").keys == ["headwater"])
        #expect(ENC.omissions(subject).map(\.reason) == ["Puppet sets $\(name) itself. Hiera serves it"])
        #expect(Hiera.value(name, of: subject) == "x")
    }

    @Test("leaves a document without omissions where all fits")
    func noOmissions() throws {
        #expect(ENC.omissions(try machine("/web", "{vars: {kept: 1}}")).isEmpty)
    }

    @Test("is JSON in which a YAML loader finds the same kinds: raw UTF-8, floats with a dot, no date unquoted")
    func bytes() throws {
        let subject = try machine(
            "/web",
            "{vars: {face: '😀 ñ', big: 1.0e+20, day: '2024-01-02', no: 'no', octal: '012', sexagesimal: '1:30'}}")
        let text = json(ENC.document(subject).map("parameters").filter { $0.key != "headwater" })
        #expect(
            text == """
                {"face":"😀 ñ","big":1.0e+20,"day":"2024-01-02","no":"no","octal":"012","sexagesimal":"1:30"}
                """)
    }

    @Test(
        "gets no key that a YAML loader takes for no key: it is refused when written",
        arguments: [
            ("<<", "\"<<\" is a merge key to the tools' YAML loaders; expected another name, or a prototype"),
            (
                String(repeating: "k", count: 1025),
                "a key of 1027 characters, quotes and escapes included; expected at most 1024"
            ),
        ])
    func keys(_ key: String, _ message: String) throws {
        let key = Key(key)
        let definitions: [Value] = [
            ["vars": [key: 1]], ["vars": ["a": [["b": [key: 1]]]]], ["puppet": ["classes": ["ntp": [key: 1]]]],
        ]
        for definition in definitions {
            let problems = Schema.problems(inComputed: definition.map ?? [:])
            #expect(problems.map(\.message) == [message])
        }
    }
}
