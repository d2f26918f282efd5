import Cascade
public import OrderedCollections
public import Tree

/// The data of Puppet's Hiera 5: every variable by name, with `lookup_options` and `headwater`.
///
/// Puppet interpolates `%{…}` in what a backend gives it, in values and in the keys within them, so each `%{` is
/// escaped unless the definition sets `puppet.interpolate`. Keys at the top are not interpolated.
public enum Hiera {
    /// All keys.
    public static func document(_ subject: Subject) -> Map {
        var document = subject.variables
        for key in own { document[key] = plain(key, of: subject) }
        return interpolates(subject) ? document : document.mapValues(escaped)
    }

    /// One key as it stands in the document; nil if it is not there.
    public static func value(_ key: String, of subject: Subject) -> Value? {
        guard let value = plain(key, of: subject) else { return nil }
        return interpolates(subject) ? value : escaped(value)
    }

    /// The variables that are not in the document.
    public static func omissions(_ subject: Subject) -> [Omission] {
        guard subject.variables["lookup_options"] != nil else { return [] }
        return [
            Omission(
                ["vars", "lookup_options"],
                "Hiera reads how to look keys up from it; expected puppet.lookup_options, which is served in its place")
        ]
    }

    /// The keys that are not taken from `vars`.
    static let own = ["lookup_options", "headwater"]

    private static func plain(_ key: String, of subject: Subject) -> Value? {
        switch key {
        case "lookup_options": subject["puppet"]["lookup_options"]
        case "headwater": .map(subject.headwater)
        default: subject.variables[key]
        }
    }

    private static func interpolates(_ subject: Subject) -> Bool {
        subject["puppet"]["interpolate"]?.bool ?? false
    }

    private static func escaped(_ value: Value) -> Value {
        switch value {
        case .string(let text):
            .string(escaped(text))
        case .list(let elements):
            .list(elements.map(escaped))
        case .map(let map):
            .map(Map(map.map { (escaped($0.key), escaped($0.value)) }) { _, last in last })
        case .null, .bool, .integer, .float:
            value
        }
    }

    /// The text with each `%{` written so that Puppet reads a literal one.
    private static func escaped(_ text: String) -> String {
        guard text.holds("%", before: "{") else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "%") {
                bytes.removeLast()
                bytes += "%{literal('%')}".utf8
            }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
