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
        let licence = licence(subject)
        for (index, key) in document.keys.enumerated() {
            document.values[index] = sent(document.values[index], key, of: subject, licence)
        }
        return document
    }

    /// One key as it stands in the document; nil if it is not there.
    public static func value(_ key: Key, of subject: Subject) -> Value? {
        plain(key, of: subject).map { sent($0, key, of: subject, licence(subject)) }
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
    static let own: [Key] = ["lookup_options", "headwater"]

    private static func plain(_ key: Key, of subject: Subject) -> Value? {
        switch key {
        case "lookup_options": subject["puppet"]["lookup_options"]
        case "headwater": .map(subject.headwater)
        default: subject.variables[key]
        }
    }

    /// What lets interpolation through.
    static func licence(_ subject: Subject) -> Licence? { Licence(["puppet", "interpolate"], in: subject.computed) }

    /// A value of the document as it is sent: escaped, but for what `puppet.interpolate` covers.
    private static func sent(_ value: Value, _ key: Key, of subject: Subject, _ licence: Licence?) -> Value {
        guard let licence else { return escaped(value) }
        let fields = subject.computed.fields
        switch key {
        case "headwater": return escaped(value)
        case "lookup_options": return escaped(value, fields["puppet"]?.part(key), licence)
        default: return escaped(value, fields["vars"]?.part(key), licence)
        }
    }

    private static func escaped(_ value: Value, _ field: Fused?, _ licence: Licence) -> Value {
        guard let field else { return escaped(value) }
        guard case .map(let map) = value, case .map(let fields) = field.content else {
            return licence.covers(field) ? value : escaped(value)
        }
        let sent = map.map { key, inner in
            let isCovered = fields[key].map(licence.covers) ?? false
            return (isCovered ? key : Key(escaped(key.text)), escaped(inner, fields[key], licence))
        }
        return .map(Map(sent) { _, last in last })
    }

    private static func escaped(_ value: Value) -> Value {
        switch value {
        case .string(let text):
            .string(escaped(text))
        case .list(let elements):
            .list(elements.map(escaped))
        case .map(let map):
            .map(Map(map.map { (Key(escaped($0.key.text)), escaped($0.value)) }) { _, last in last })
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
