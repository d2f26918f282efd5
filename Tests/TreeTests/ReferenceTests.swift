import Testing
import Tree

@Suite("A reference")
struct ReferenceTests {
    @Test(
        "stands in braces within any text",
        arguments: [
            ("${{ vars.site }}", [.reference(["vars", "site"])]),
            ("${{vars.site}}", [.reference(["vars", "site"])]),
            ("${{\tvars.site\n}}", [.reference(["vars", "site"])]),
            ("a ${{ vars.b }} c", [.text("a "), .reference(["vars", "b"]), .text(" c")]),
            ("${{ a }}${{ b }}", [.reference(["a"]), .reference(["b"])]),
            ("${{ vars.\"a}}b\".\"c\\\"}}\" }}", [.reference(["vars", "a}}b", "c\"}}"])]),
            ("${{ a }}}", [.reference(["a"]), .text("}")]),
            ("é${{ vars.größe }}🙂", [.text("é"), .reference(["vars", "größe"]), .text("🙂")]),
        ] as [(String, [Reference.Part])])
    func reads(_ text: String, _ parts: [Reference.Part]) throws {
        #expect(Reference.isHeld(by: text))
        #expect(try Reference.parts(of: text) == parts)
    }

    @Test("is literal text after a second dollar", arguments: [("$${{ a }}", "${{ a }}"), ("x$$${{", "x$${{")])
    func escapes(_ text: String, _ literal: String) throws {
        #expect(Reference.isHeld(by: text))
        #expect(try Reference.parts(of: text) == [.text(literal)])
    }

    @Test(
        "is nothing that other tools write",
        arguments: [
            "${HOME}", "$HOME", "{{ jinja }}", "%{facts.os}", "$ {{ a }}", "${ {a} }", "$", "${{".dropLast() + "",
            "$${", "", "100 $",
        ])
    func foreign(_ text: String) throws {
        #expect(!Reference.isHeld(by: text))
        #expect(try Reference.parts(of: text) == (text.isEmpty ? [] : [.text(text)]))
    }

    @Test(
        "is refused where it does not end",
        arguments: ["${{", "${{ vars.a", "${{ vars.a }", "${{ vars.\"a }}", "x ${{ \"\\"])
    func open(_ text: String) {
        let message = "a reference is not closed; expected ${{ key }}, or $${{ where a literal ${{ is meant"
        #expect(error(of: text) == message)
    }

    @Test(
        "is refused where it names no key",
        arguments: [
            ("${{ }}", "", "a key is empty"), ("${{ .a }}", ".a", "a key is empty"),
            ("${{ a. }}", "a.", "a key is empty"),
            ("${{ \"a\"b }}", "\"a\"b", "text after a closing quote"),
        ])
    func unnamed(_ text: String, _ key: String, _ reason: String) {
        let example = "expected keys joined by dots, such as vars.ntp or vars.\"a.b\".c"
        #expect(error(of: text) == "in a reference, \"\(key)\" is not a dotted path: \(reason); \(example)")
    }

    private func error(of text: String) -> String? {
        #expect(throws: ReferenceError.self) { try Reference.parts(of: text) }?.description
    }
}
