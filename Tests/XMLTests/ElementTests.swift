import Foundation
import OrderedCollections
import TestSupport
import Testing
import XML

@Suite("XML documents as values")
struct ElementTests {
    private let domain = """
        <domain type="qemu" id="7">
          <!-- by hand -->
          <name>web &amp; "db" &lt;1&gt;</name>
          <metadata>
            <a:app xmlns:a="urn:a" a:b="c'd" note="&quot;&#10;&#9;"><a:x/><?keep it?></a:app>
          </metadata>
          <raw><![CDATA[<&>]]></raw>
          <memory unit="KiB">1024</memory><empty></empty>
        </domain>
        """

    @Test("a document that is read and written is the same, byte for byte")
    func bytes() throws {
        let written = domain.replacing("<empty></empty>", with: "<empty/>")
        #expect(try Element(parsing: domain).serialized == written)
        #expect(try Element(parsing: written).serialized == written)
    }

    @Test("an element that is changed in place leaves every other byte as it was")
    func change() throws {
        var element = try Element(parsing: domain)
        element["memory"]?.text = "2048"
        element["metadata"]?["a:app"]?[attribute: "note"] = nil
        element["cpu"] = XML.element("cpu", ["mode": "maximum", "none": nil])
        #expect(
            element.serialized
                == domain.replacing("1024", with: "2048").replacing(" note=\"&quot;&#10;&#9;\"", with: "")
                .replacing("<empty></empty>", with: "<empty/>")
                .replacing("</domain>", with: "<cpu mode=\"maximum\"/></domain>"))
    }

    @Test("elements are found by the chain of their names, changed each, and taken away")
    func chain() throws {
        var root = try Element(parsing: "<d><v><i n='1'/><j/><i n='2'>t<k/>u</i></v><v><i n='3'/></v></d>")
        #expect(root.all("v", "i").map { $0[attribute: "n"] } == ["1", "2", "3"])
        #expect(root.first("v", "i")?[attribute: "n"] == "1" && root.first("v", "k") == nil)
        #expect(root.all("v", "i")[1].text == "tu")
        root["v"]?.update(each: "i") { element in
            element[attribute: "seen"] = "yes"
            return element[attribute: "n"] == "2"
        }
        root["v"]?["j"] = nil
        #expect(root.serialized == #"<d><v><i n="2" seen="yes">t<k/>u</i></v><v><i n="3"/></v></d>"#)
    }

    @Test(
        "what is not well-formed is refused, with the line",
        arguments: [
            ("", "it is empty"),
            ("<a>\n<b></a>", "line 2: Opening and ending tag mismatch: b line 2 and a"),
            ("<a/><b/>", "line 1: Extra content at the end of the document"),
            ("<a", "line 1: Couldn't find end of Start Tag a"),
            ("<a b='1' b='2'/>", "line 1: Attribute b redefined"),
        ])
    func malformed(document: String, message: String) {
        #expect(throws: ParseError.self) { try Element(parsing: document) }
        do {
            _ = try Element(parsing: document)
        } catch {
            #expect(error.description.hasPrefix(message), "\(error)")
        }
    }

    @Test("a document type, which could name files or grow without end, is refused before it is used")
    func documentType() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "xml-\(UInt32.random(in: 0 ... .max))")
        try Data("secret".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let bomb = (1...20).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);\">" }.joined()
        for document in [
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"file://\(file.path())\">]><a>&e;</a>",
            "<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/a.dtd\"><a/>",
            "<!DOCTYPE a [<!ENTITY e0 \"ha\">\(bomb)]><a>&e20;</a>",
        ] {
            do {
                let element = try Element(parsing: document)
                Issue.record("it was read: \(element)")
            } catch {
                // libxml2 stops by itself where entities grow.
                let reasons = ["it has a document type; expected none", "line 1: Detected an entity reference loop"]
                #expect(reasons.contains(error.description), "\(error)")
            }
        }
        #expect(throws: ParseError.self) { try Element(parsing: "<a>&e;</a>") }
    }

    @Test("depth and size are bounded")
    func bounds() {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(throws: Never.self) { try Element(parsing: nested(200)) }
        #expect(throws: ParseError.self) { try Element(parsing: nested(100_000)) }
        #expect(throws: ParseError.self) {
            try Element(parsing: "<a>" + String(repeating: " ", count: 17 << 20) + "</a>")
        }
    }

    @Test("random elements survive writing and reading")
    func law() throws {
        var random = Seeded()
        for _ in 0..<200 {
            let element = element(&random, depth: 4)
            #expect(try Element(parsing: element.serialized) == element, "\(random): \(element.serialized)")
        }
    }

    private func element(_ random: inout Seeded, depth: Int) -> Element {
        let texts = ["a", "<&>\"'", "ñ€𝄞", "\n \t", "]]>", "a\rb", "--"]
        var result = Element(random.pick(["a", "b:c", "d-e", "ñ"]))
        if result.name.hasPrefix("b:") { result.attributes["xmlns:b"] = "urn:b" }
        for name in ["x", "y"] where random.chance(50) { result.attributes[name] = random.pick(texts) }
        guard depth > 0 else { return result }
        for _ in 0..<Int.random(in: 0..<4, using: &random) {
            let isAfterText = if case .text = result.content.last { true } else { false }
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where !isAfterText: result.content.append(.text(random.pick(texts)))
            case 1: result.content.append(.comment("by hand"))
            case 2: result.content.append(.instruction(target: "p", data: "q"))
            default: result.content.append(.element(element(&random, depth: depth - 1)))
            }
        }
        return result
    }
}
