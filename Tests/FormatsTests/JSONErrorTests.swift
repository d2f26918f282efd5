import Formats
import Testing
import Tree

@Suite("What is no JSON is refused with its place and what would be right")
struct JSONErrorTests {
    @Test(
        "the text ends too early",
        arguments: [
            ("", "line 1, column 1: the text is empty; expected a value"),
            (" \n ", "line 2, column 2: the text is empty; expected a value"),
            ("[1,", "line 1, column 4: the text ends too early; expected a value"),
            ("[", "line 1, column 2: the text ends too early; expected a value or ]"),
            ("[1", "line 1, column 3: the text ends too early; expected a , or ]"),
            ("{", "line 1, column 2: the text ends too early; expected a key in double quotes or }"),
            ("{\"a\"", "line 1, column 5: the text ends too early; expected a : after the key"),
            ("{\"a\": 1", "line 1, column 8: the text ends too early; expected a , or }"),
            ("[\n\"é", "line 2, column 1: a string begins here and does not end; expected a closing \""),
            ("\"a\\\"", "line 1, column 1: a string begins here and does not end; expected a closing \""),
        ])
    func tooEarly(text: String, error: String) {
        #expect(failure(json: text) == error)
    }

    @Test(
        "a token stands at a wrong place",
        arguments: [
            ("[1 2]", "line 1, column 4: 2 is not allowed here; expected a , or ]"),
            ("[1,]", "line 1, column 4: ] is not allowed here; expected a value"),
            ("{\"a\": 1,}", "line 1, column 9: } is not allowed here; expected a key in double quotes or }"),
            ("{a: 1}", "line 1, column 2: a is not allowed here; expected a key in double quotes or }"),
            ("{\"a\" 1}", "line 1, column 6: 1 is not allowed here; expected a : after the key"),
            ("[1}", "line 1, column 3: } is not allowed here; expected a , or ]"),
            ("{}\n{}", "line 2, column 1: { is not allowed here; expected the text to end after its value"),
            ("{} x", "line 1, column 4: x is not allowed here; expected the text to end after its value"),
            ("[1]\0", "line 1, column 4: \\0 is not allowed here; expected the text to end after its value"),
        ])
    func wrongPlace(text: String, error: String) {
        #expect(failure(json: text) == error)
    }

    @Test(
        "a word or a numeral is none of JSON's",
        arguments: ["tru", "NaN", "01", "-", "1.", "1.2.3", "+1", "'a'", "\\0"])
    func noValue(word: String) {
        let error =
            "line 2, column 2: \(word) is no value; expected a string in double quotes, a number, true, false, null, "
        #expect(failure(json: "[\n \(word == "\\0" ? "\0" : word)]") == error + "a list or a map")
    }

    @Test(
        "a number is out of range",
        arguments: [
            (
                "9223372036854775808",
                "the integer 9223372036854775808 is out of range; expected one from "
                    + "-9223372036854775808 to 9223372036854775807, or a string in quotes"
            ),
            (
                "-9223372036854775809",
                "the integer -9223372036854775809 is out of range; expected one from "
                    + "-9223372036854775808 to 9223372036854775807, or a string in quotes"
            ),
            (
                "1e309",
                "the float 1e309 is out of range; expected at most 1.7976931348623157e+308, or a string in quotes"
            ),
            (
                "-1.5E999",
                "the float -1.5E999 is out of range; expected at most 1.7976931348623157e+308, or a string in quotes"
            ),
        ])
    func outOfRange(number: String, error: String) {
        #expect(failure(json: "{\"a\":\n  \(number)}") == "line 2, column 3: " + error)
    }

    @Test(
        "a key stands twice in a map",
        arguments: [
            ("{\n  \"é\": 1,\n  \"é\": 2}", "line 3, column 3: key \"é\" is given twice; expected each key once"),
            ("{\"a\":1,\"\\u0061\":2}", "line 1, column 8: key \"\\u0061\" is given twice; expected each key once"),
            (
                "[{\"a\":{\"b\":1},\"b\":{\"b\":1,\"b\":2}}]",
                "line 1, column 26: key \"b\" is given twice; expected each key once"
            ),
        ])
    func repeatedKey(text: String, error: String) {
        #expect(failure(json: text) == error)
    }

    @Test("a key holds NUL")
    func keyWithNUL() {
        #expect(
            failure(json: #"{"a\u0000b": 1}"#)
                == #"line 1, column 2: key "a\u0000b" holds the character U+0000; expected a key without it"#)
    }

    @Test(
        "a string holds what must be escaped, or an escape of no character",
        arguments: [
            (
                "\"a\nb\"",
                "line 1, column 3: a string holds the control character U+000A; expected it escaped, as \\u000A"
            ),
            (
                "\"é\u{1F}\"",
                "line 1, column 3: a string holds the control character U+001F; expected it escaped, as \\u001F"
            ),
        ])
    func control(text: String, error: String) {
        #expect(failure(json: text) == error)
    }

    @Test(
        "an escape names no character",
        arguments: [
            (#"\x"#, #"\x"#), (#"\ud800"#, #"\ud800"#), (#"\ud800\u0041"#, #"\ud800"#), (#"\udc00x"#, #"\udc00"#),
            (#"\u12"#, #"\u12"#),
        ])
    func escape(text: String, shown: String) {
        #expect(
            failure(json: #""é\ud83d\ude00\n\#(text)""#)
                == #"line 1, column 17: the escape \#(shown) names no character; "#
                + #"expected \" \\ \/ \b \f \n \r \t, \u and 4 hex digits, or a pair of surrogates"#)
    }

    @Test(
        "bytes are no UTF-8",
        arguments: [[0xC3, 0x28], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF0, 0x9F]] as [[UInt8]])
    func encoding(bytes: [UInt8]) {
        let hex = String(bytes[0], radix: 16, uppercase: true)
        let error = "line 2, column 3: byte 0x\(hex) is not valid UTF-8; expected text in UTF-8"
        #expect(
            failure { () throws(FormatError) in try JSON.decode(Array("[\n\"é".utf8) + bytes + Array("\"]".utf8)) }
                == error)
    }

    @Test("columns do not count a byte order mark")
    func byteOrderMark() throws {
        #expect(try JSON.decode(Array("\u{FEFF}[1]".utf8)) == [1])
        #expect(failure(json: "\u{FEFF}[1,]") == "line 1, column 4: ] is not allowed here; expected a value")
    }

    @Test("an error names its format apart from its text")
    func format() {
        #expect(
            throws: FormatError(format: "JSON", message: "] is not allowed here; expected a value", line: 1, column: 1)
        ) {
            try JSON.decode(Array("]".utf8))
        }
    }
}
