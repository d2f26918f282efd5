import Formats
import Testing
import Tree

@Suite("Values are written as people and other loaders expect")
struct WritingTests {
    private let value: Value = [
        "name": "web-1", "on": true, "none": .null, "port": "80", "load": 0.5,
        "motd": "Welcome\n# to: web\n", "nics": [["mac": "52:54:00:12:34:56", "address": "10.0.0.1"], "é 😀"],
        "empty": [[:], [], ""], "nested": ["08": ["yes", "<<", "2001-12-14", ":a", "a: b", "it's"]],
    ]

    @Test("compact JSON")
    func compact() {
        let text =
            #"{"name":"web-1","on":true,"none":null,"port":"80","load":0.5,"motd":"Welcome\n# to: web\n","#
            + #""nics":[{"mac":"52:54:00:12:34:56","address":"10.0.0.1"},"é 😀"],"empty":[{},[],""],"#
            + #""nested":{"08":["yes","<<","2001-12-14",":a","a: b","it's"]}}"#
        #expect(String(decoding: JSON.encode(value), as: UTF8.self) == text)
    }

    @Test("JSON for people")
    func pretty() {
        let value: Value = ["a": [1, ["b": .null]], "c": [:], "d": []]
        let text = """
            {
              "a": [
                1,
                {
                  "b": null
                }
              ],
              "c": {},
              "d": []
            }

            """
        #expect(String(decoding: JSON.encode(value, pretty: true), as: UTF8.self) == text)
    }

    @Test("JSON goes after what the buffer holds")
    func append() {
        var bytes = Array("x=".utf8)
        JSON.append(["a"], to: &bytes)
        JSON.append(string: "\"b\"", to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"x=["a"]"\"b\"""#)
    }

    @Test(
        "floats have a dot, and no more digits than it takes",
        arguments: [
            (0.1, "0.1"), (1, "1.0"), (-0.0, "-0.0"), (1e20, "1.0e+20"), (1e16, "1.0e+16"), (1.5e-7, "1.5e-07"),
            (1e-5, "1.0e-05"), (.leastNonzeroMagnitude, "5.0e-324"), (123456.789, "123456.789"), (.infinity, "null"),
        ])
    func floats(number: Double, text: String) {
        #expect(String(decoding: JSON.encode(.float(number)), as: UTF8.self) == text)
        #expect(String(decoding: YAML.encode(.float(number)), as: UTF8.self).hasPrefix(text + "\n"))
    }

    @Test("JSON strings escape what they must, and what loaders of YAML misread raw")
    func strings() {
        let text =
            "\0\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F} \"\\/ é"
            + "\u{7F}\u{85}\u{A0}\u{2027}\u{2028}\u{2029}\u{FFFD}\u{FFFE}\u{FFFF}😀"
        let written =
            #""\u0000\u0001\b\t\n\u000b\f\r\u001f \"\\/ "# + "é"
            + #"\u007f\u0085"# + "\u{A0}\u{2027}" + #"\u2028\u2029"# + "\u{FFFD}" + #"\ufffe\uffff"# + "😀\""
        #expect(String(decoding: JSON.encode(.string(text)), as: UTF8.self) == written)
    }

    @Test("YAML in block style, with quotes where a loader would take a string for something else")
    func yaml() {
        let text = """
            name: web-1
            'on': true
            none: null
            port: '80'
            load: 0.5
            motd: |
              Welcome
              # to: web
            nics:
            - mac: '52:54:00:12:34:56'
              address: 10.0.0.1
            - é 😀
            empty:
            - {}
            - []
            - ''
            nested:
              '08':
              - 'yes'
              - '<<'
              - '2001-12-14'
              - ':a'
              - 'a: b'
              - it's

            """
        #expect(String(decoding: YAML.encode(value), as: UTF8.self) == text)
    }
}
