import TestSupport
import Testing
import Tree

@Suite("A dotted path")
struct DottedPathTests {
    @Test(
        "reads keys joined by dots, quoted where they hold one",
        arguments: [
            ("vars", ["vars"]),
            ("vars.ntp_servers.0", ["vars", "ntp_servers", "0"]),
            ("vars.\"a.b\".c", ["vars", "a.b", "c"]),
            ("vars.\"\"", ["vars", ""]),
            ("vars.\"say \\\"hi\\\" \\\\\"", ["vars", "say \"hi\" \\"]),
            ("vars.\"\\ñ\"", ["vars", "ñ"]),
            ("vars.profile::web", ["vars", "profile::web"]),
            ("vars.a\\b", ["vars", "a\\b"]),
        ])
    func reads(_ text: String, _ keys: [Key]) throws {
        #expect(try DottedPath(text).keys == keys)
    }

    @Test(
        "is refused with the reason and an example",
        arguments: [
            ("", "a key is empty"), (".a", "a key is empty"), ("a.", "a key is empty"), ("a..b", "a key is empty"),
            ("vars.\"a", "a quote is not closed"), ("vars.\"a\\", "a quote is not closed"),
            ("vars.\"a\"b", "text after a closing quote"),
        ])
    func refuses(_ text: String, _ reason: String) {
        let error = #expect(throws: DottedPathError.self) { try DottedPath(text) }
        let example = "expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
        #expect(error?.description == "\"\(text)\" is not a dotted path: \(reason); \(example)")
    }

    @Test(
        "quotes a key only where it must be",
        arguments: [
            (["vars", "ntp-1"], "vars.ntp-1"), (["a.b"], "\"a.b\""), ([""], "\"\""), (["a b"], "\"a b\""),
            (["}}"], "\"}}\""), (["a\u{85}"], "\"a\u{85}\""), (["über"], "über"), (["\\"], "\\"),
            (["\\ \""], "\"\\\\ \\\"\""),
        ])
    func writes(_ keys: [Key], _ text: String) {
        #expect(DottedPath(keys: keys).description == text)
    }

    @Test("reads what it writes, whatever the keys")
    func roundTrip() throws {
        var seed = Seeded()
        let scalars = Array(".\"\\{}$ \t\n\u{0}\u{7F}\u{85}\u{301}aé✓🙂-_:'%".unicodeScalars)
        for _ in 0..<2_000 {
            let keys = (0...Int.random(in: 0...3, using: &seed)).map { _ in
                var text = ""
                for _ in 0..<Int.random(in: 0...5, using: &seed) {
                    text.unicodeScalars.append(scalars[Int.random(in: scalars.indices, using: &seed)])
                }
                return Key(text)
            }
            let path = DottedPath(keys: keys)
            #expect(try DottedPath(path.description).keys == keys, "\(seed): \(path)")
            let reference = "${{ \(path) }}"
            #expect(try Reference.parts(of: reference) == [.reference(path)], "\(seed): \(reference)")
        }
    }
}
