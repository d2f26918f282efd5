import OrderedCollections
import Testing
import Tree
import Views

@Suite("Hiera's data")
struct HieraTests {
    @Test("has every variable, whatever it is called, then headwater")
    func variables() throws {
        let document = Hiera.document(try machine("/web", "{vars: {profile::ssh::port: 22, with-dash: 1, a.b: null}}"))
        #expect(document.keys == ["profile::ssh::port", "with-dash", "a.b", "headwater"])
        #expect(document["a.b"] == .null)
    }

    @Test("has lookup_options from puppet.lookup_options, and none otherwise")
    func lookupOptions() throws {
        let subject = try machine("/web", "{puppet: {lookup_options: {'^ntp::.*': {merge: unique}}}}")
        #expect(Hiera.document(subject)["lookup_options"] == ["^ntp::.*": ["merge": "unique"]])
        #expect(Hiera.value("lookup_options", of: subject) == ["^ntp::.*": ["merge": "unique"]])
        #expect(Hiera.document(try machine())["lookup_options"] == nil)
        #expect(Hiera.value("lookup_options", of: try machine()) == nil)
    }

    @Test("has no variable called lookup_options, which would steer every lookup, and says so")
    func variableLookupOptions() throws {
        let subject = try machine("/web", "{vars: {lookup_options: {a: {merge: deep}}}}")
        #expect(Hiera.document(subject).keys == ["headwater"])
        #expect(Hiera.value("lookup_options", of: subject) == nil)
        #expect(
            Hiera.omissions(subject).map { "\($0.key): \($0.reason)" } == [
                "vars.lookup_options: Hiera reads how to look keys up from it; expected puppet.lookup_options, "
                    + "which is served in its place"
            ])
    }

    @Test(
        "escapes what Puppet would interpolate",
        arguments: [
            ("%{facts.os}", "%{literal('%')}{facts.os}"),
            ("%h %l %{User-Agent}i", "%h %l %{literal('%')}{User-Agent}i"),
            ("%%{x}", "%%{literal('%')}{x}"),
            ("%{literal('%')}", "%{literal('%')}{literal('%')}"),
            ("100%{", "100%{literal('%')}{"),
            ("%{a}%{b}", "%{literal('%')}{a}%{literal('%')}{b}"),
            ("%{\u{301}x}", "%{literal('%')}{\u{301}x}"),
            ("100 % {x}", "100 % {x}"), ("ñ %", "ñ %"), ("", ""), ("{%", "{%"),
        ])
    func escape(_ text: String, _ escaped: String) throws {
        let subject = try machine("/web", "{vars: {format: \"\(text)\"}}")
        #expect(Hiera.value("format", of: subject) == .string(escaped))
        #expect(Hiera.document(subject)["format"] == .string(escaped))
    }

    @Test("escapes at any depth, keys within values too, but no key at the top, which Puppet takes as it is")
    func nested() throws {
        let subject = try machine("/web", "{vars: {'%{top}': [{'%{inner}': ['%{x}', 1, null]}]}}")
        let escaped: Value = [["%{literal('%')}{inner}": ["%{literal('%')}{x}", 1, .null]]]
        #expect(Hiera.document(subject)["%{top}"] == escaped)
        #expect(Hiera.value("%{top}", of: subject) == escaped)
    }

    @Test("lets interpolation through where puppet.interpolate says so")
    func interpolate() throws {
        let subject = try machine("/web", "{puppet: {interpolate: true}, vars: {a: ['%{facts.os}']}}")
        #expect(Hiera.document(subject)["a"] == ["%{facts.os}"])
        #expect(Hiera.value("a", of: subject) == ["%{facts.os}"])
    }

    @Test("gives key by key what the whole document holds, and nothing for other keys")
    func keyByKey() throws {
        let subject = try machine(
            "/web", "{vars: {a: '%{x}', b: {c: 1}}, puppet: {lookup_options: {b: {merge: deep}}}}")
        for (key, value) in Hiera.document(subject) { #expect(Hiera.value(key, of: subject) == value) }
        #expect(Hiera.value("vars", of: subject) == nil)
        #expect(Hiera.value("b.c", of: subject) == nil)
    }
}
