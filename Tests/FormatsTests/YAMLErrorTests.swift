import Formats
import Testing
import Tree

@Suite("What is no safe YAML is refused with its place and what would be right")
struct YAMLErrorTests {
    @Test(
        "a key stands twice in a map, however it is written",
        arguments: [
            ("a: 1\na: 2\n", "line 2, column 1: key \"a\" is given twice; expected each key once"),
            (
                "a:\n  é: 1\n  x: 2\n  \"\\u00e9\": 3\n",
                "line 4, column 3: key \"é\" is given twice; expected each key once"
            ),
            ("80: a\n\"80\": b\n", "line 2, column 1: key \"80\" is given twice; expected each key once"),
            ("{a: 1, é: 1, a: 2}", "line 1, column 14: key \"a\" is given twice; expected each key once"),
            ("a: &k b\n*k : 1\nb: 2", "line 3, column 1: key \"b\" is given twice; expected each key once"),
        ])
    func repeatedKey(text: String, error: String) {
        #expect(failure(yaml: text) == error)
    }

    @Test(
        "a key is no string",
        arguments: [
            ("? [a]\n: b", "line 1, column 3: a list stands as a key; expected a string"),
            ("x: {{a: b}: c}", "line 1, column 5: a map stands as a key; expected a string"),
            ("~: 1", "line 1, column 1: a key is null; expected text, such as \"null\" in quotes"),
            ("a: 1\nNull: 1", "line 2, column 1: a key is null; expected text, such as \"null\" in quotes"),
            ("&a !!null '': 1", "line 1, column 1: a key is null; expected text, such as \"null\" in quotes"),
            ("a: &x [1]\n*x : 1", "line 2, column 1: the alias *x stands for no string; expected a string as a key"),
            (
                "a: 1\n<<: {b: 1}",
                "line 2, column 1: YAML 1.2 has no merge key <<; expected the keys themselves, or a prototype to inherit"
            ),
        ])
    func badKey(text: String, error: String) {
        #expect(failure(yaml: text) == error)
    }

    @Test("an alias stands for nothing", arguments: ["é: *x", "a: [*x]", "a: &x [1, *x]"])
    func alias(text: String) {
        let column = text.prefix { $0 != "*" }.count + 1
        #expect(
            failure(yaml: text)
                == "line 1, column \(column): the alias *x stands for nothing; expected &x at a value before it")
    }

    @Test(
        "a tag is not of the core schema",
        arguments: [
            ("!foo 1", "!foo"), ("!!binary aGk=", "!!binary"), ("!ruby/object:Foo {}", "!ruby/object:Foo"),
            ("!!set {a}", "!!set"),
            ("! 12", "!"), ("!<tag:example.org,2000:x> 1", "tag:example.org,2000:x"),
            ("!!timestamp 2001-01-01", "!!timestamp"),
            ("!!python/object/apply:os.system [ls]", "!!python/object/apply:os.system"),
        ])
    func foreignTag(text: String, tag: String) {
        #expect(
            failure(yaml: "a: " + text)
                == "line 1, column 4: the tag \(tag) is not allowed; expected no tag, or one of "
                + "!!str !!int !!float !!bool !!null !!map !!seq")
    }

    @Test(
        "a tag does not fit its content",
        arguments: [
            ("!!int abc", "!!int", "\"abc\""), ("!!int 1.5", "!!int", "\"1.5\""), ("!!bool yes", "!!bool", "\"yes\""),
            ("!!seq x", "!!seq", "\"x\""), ("!!map [1]", "!!map", "a list"), ("!!seq {}", "!!seq", "a map"),
            ("!!str [1]", "!!str", "a list"), ("!!null 0", "!!null", "\"0\""),
        ])
    func misfit(text: String, tag: String, content: String) {
        #expect(
            failure(yaml: "- 1\n- " + text)
                == "line 2, column 3: the tag \(tag) does not fit \(content); expected content of that kind, or no tag")
    }

    @Test(
        "a number is none that JSON has",
        arguments: [
            (".inf", ".inf is no number that JSON has; expected a finite one, or a string in quotes"),
            ("-.INF", "-.INF is no number that JSON has; expected a finite one, or a string in quotes"),
            (".NaN", ".NaN is no number that JSON has; expected a finite one, or a string in quotes"),
            (
                "9223372036854775808",
                "the integer 9223372036854775808 is out of range; expected one from "
                    + "-9223372036854775808 to 9223372036854775807, or a string in quotes"
            ),
            (
                "0xFFFFFFFFFFFFFFFF",
                "the integer 0xFFFFFFFFFFFFFFFF is out of range; expected one from "
                    + "-9223372036854775808 to 9223372036854775807, or a string in quotes"
            ),
            (
                "12e4567",
                "the float 12e4567 is out of range; expected at most 1.7976931348623157e+308, or a string in quotes"
            ),
        ])
    func number(text: String, error: String) {
        #expect(failure(yaml: "a:\n  " + text) == "line 2, column 3: " + error)
    }

    @Test(
        "a tab indents",
        arguments: [
            ("a:\n\tb: 1", 2, 1), ("\ta: 1", 1, 1), ("a: b\n\tc: d", 2, 1), ("- a\n\t- b", 2, 1),
            ("a:\n  \tb: 1\n", 2, 3),
        ])
    func tab(text: String, line: Int, column: Int) {
        #expect(
            failure(yaml: text)
                == "line \(line), column \(column): a tab stands where YAML allows spaces only; expected spaces")
    }

    @Test(
        "a second document begins", arguments: [("a: 1\n---\nb: 2", 2), ("--- a\n--- b", 2), ("a: 1\n...\n---\n", 3)])
    func second(text: String, line: Int) {
        #expect(failure(yaml: text) == "line \(line), column 1: a second document begins here; expected one document")
    }

    @Test(
        "the syntax is wrong",
        arguments: [
            (
                "a: b: c",
                "line 1, column 5: mapping values are not allowed in this context; "
                    + "expected the value in quotes, or the key on an own line"
            ),
            ("é: @b", "line 1, column 4: a plain value cannot begin with @; expected the value in quotes"),
            ("a: \"b", "line 1, column 4: a string begins here and does not end; expected a closing quote"),
            ("a: 1\nb: 'b\nc", "line 2, column 4: a string begins here and does not end; expected a closing quote"),
            (
                "a: [1, 2",
                "line 1, column 9: did not find expected ',' or ']'; expected a comma or ] in the list that [ begins"
            ),
            (
                "a: {b: 1",
                "line 1, column 9: did not find expected ',' or '}'; expected a comma or } in the map that { begins"
            ),
            ("a: }", "line 1, column 4: did not find expected node content; expected a value"),
            (
                "- a\nb: c",
                "line 2, column 1: did not find expected '-' indicator; expected \"- \" at the indentation of its list"
            ),
            (
                "a:\n  - b\n c: 1",
                "line 3, column 2: did not find expected key; expected \"key: value\" at the indentation of its map"
            ),
            ("a: b\nc", "line 2, column 2: could not find expected ':'; expected \"key: value\" on one line"),
            (
                "a: \"é\\q\"",
                "line 1, column 6: found unknown escape character; expected an escape of YAML, or the backslash doubled"
            ),
            (
                "a: \"\\ud83d\"",
                "line 1, column 7: found invalid Unicode character escape code; expected the code of a character"
            ),
            (
                "a: *",
                "line 1, column 5: did not find expected alphabetic or numeric character; "
                    + "expected a name of letters, digits, - and _"
            ),
            (
                "a: !x!y 1",
                "line 1, column 4: found undefined tag handle; expected no tag, or one of the core schema such as !!str"
            ),
            ("%YAML 2.0\n---\na: 1", "line 1, column 1: found incompatible YAML document; expected YAML 1.2"),
            (
                "é: \u{1}",
                "line 1, column 4: the character U+0001 is not allowed in YAML; "
                    + "expected \\u0001 in a string in double quotes"
            ),
        ])
    func syntax(text: String, error: String) {
        #expect(failure(yaml: text) == error)
    }

    @Test(
        "bytes are no UTF-8",
        arguments: [[0xC3, 0x28], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF0, 0x9F]] as [[UInt8]])
    func encoding(bytes: [UInt8]) {
        let hex = String(bytes[0], radix: 16, uppercase: true)
        let error = "line 2, column 4: byte 0x\(hex) is not valid UTF-8; expected text in UTF-8"
        #expect(failure { () throws(FormatError) in try YAML.decode(Array("a: 1\né: ".utf8) + bytes) } == error)
    }

    @Test("columns do not count a byte order mark, lines end with a line feed only")
    func places() throws {
        #expect(try YAML.decode(Array("\u{FEFF}a: 1".utf8)) == ["a": 1])
        #expect(
            failure(yaml: "\u{FEFF}a: @")
                == "line 1, column 4: a plain value cannot begin with @; expected the value in quotes")
        #expect(
            failure(yaml: "a: 'x\u{2028}y'\r\nb: @")
                == "line 2, column 4: a plain value cannot begin with @; expected the value in quotes")
    }
}
