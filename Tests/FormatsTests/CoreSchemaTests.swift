import Formats
import Testing
import Tree

@Suite("Plain scalars mean what the core schema of YAML 1.2 says")
struct CoreSchemaTests {
    @Test(
        "null, booleans and numbers",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null),
            ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
            ("0", 0), ("-0", 0), ("+12", 12), ("-7", -7), ("0o17", 15), ("0x1F", 31), ("0xff", 255),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("1.0", 1.0), ("-0.5", -0.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("1.5E-2", 0.015), ("+.5e+1", 5.0),
            ("0.1", 0.1),
        ] as [(String, Value)])
    func typed(text: String, value: Value) throws {
        #expect(try YAML.decode(Array("a: \(text)\n".utf8)) == ["a": value])
    }

    @Test(
        "all else stays a string, other than in YAML 1.1",
        arguments: [
            "yes", "No", "on", "OFF", "y", "nULL", "tRUE", "08", "0644", "-012", "00", "08.5", "0o18", "0xg", "-0x1F",
            "0o", "0x",
            "1_000", "1:30", "52:54:00:12:34:56", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "0b11", "1,000",
            "1.2.3", "1e",
            "1e+", ".e3", ".", "+", "--1", "+-1", "4G", "10.0.0.1", "inf", "NaN", "+.nanx", "=", "a<<",
        ])
    func strings(text: String) throws {
        #expect(try YAML.decode(Array("a: \(text)\n".utf8)) == ["a": .string(text)])
    }

    @Test("quoted and block scalars are strings, whatever they look like")
    func quoted() throws {
        let text = "a: '1'\nb: \"true\"\nc: |\n  1\nd: >-\n  null\ne: ''\n"
        #expect(try YAML.decode(Array(text.utf8)) == ["a": "1", "b": "true", "c": "1\n", "d": "null", "e": ""])
    }

    @Test("an explicit tag of the core schema reads content of its kind")
    func tags() throws {
        let text = """
            - !!str 12
            - !!str
            - !!int "12"
            - !!float 1
            - !!null ''
            - !!bool "true"
            - !!map {a: 1}
            - !!seq [1]
            - !<tag:yaml.org,2002:int> 0x10
            """
        #expect(try YAML.decode(Array(text.utf8)) == ["12", "", 12, 1.0, .null, true, ["a": 1], [1], 16])
    }

    @Test("keys are the strings as they are written")
    func keys() throws {
        let text = "80: a\n0x50: b\ntrue: c\n1.50: d\n\"null\": e\n'<<': f\n? g\n!!int 7: h\n99999999999999999999: i\n"
        let value: Value = [
            "80": "a", "0x50": "b", "true": "c", "1.50": "d", "null": "e", "<<": "f", "g": .null, "7": "h",
            "99999999999999999999": "i",
        ]
        #expect(try YAML.decode(Array(text.utf8)) == value)
    }

    @Test("aliases stand for their anchors' values, the latest of a name")
    func aliases() throws {
        let text = "a: &x [1, &y 2]\nb: *x\nc: &x 3\n&k d: *x\ne: *k\nf: *y\n*k : 1\n"
        #expect(failure(yaml: text) == "line 7, column 1: key \"d\" is given twice; expected each key once")
        let value: Value = ["a": [1, 2], "b": [1, 2], "c": 3, "d": 3, "e": "d", "f": 2]
        #expect(try YAML.decode(Array(text.utf8.dropLast(7))) == value)
    }

    @Test(
        "an empty document is null", arguments: ["", "\u{FEFF}", " \n", "# nothing\n", "---\n", "--- # nothing\n...\n"])
    func empty(text: String) throws {
        #expect(try YAML.decode(Array(text.utf8)) == .null)
    }

    @Test("directives, markers and tabs that do not indent are accepted")
    func accepted() throws {
        #expect(try YAML.decode(Array("%YAML 1.2\n---\na:\t1 # x\nb: [1,\t2]\n...\n".utf8)) == ["a": 1, "b": [1, 2]])
    }
}
