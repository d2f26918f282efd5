public import Tree

/// The safe subset of YAML 1.2 (https://yaml.org/spec/1.2.2): what JSON can say, in block or flow style, with comments,
/// anchors and aliases.
public enum YAML {
    /// Reads one document; an empty one is null, a byte order mark before it is ignored.
    ///
    /// Plain scalars mean what the core schema of YAML 1.2 (§10.3.2) says, save that digits after a leading zero stay a
    /// string: `0644` and `yes` are strings, `0o644` is an integer. Keys are strings, whatever they look like. Refused
    /// are repeated keys, merge keys, tags other than those of the core schema, `.inf` and `.nan`, integers beyond 64
    /// bits, a second document, and what exceeds `limits` once aliases are expanded.
    public static func decode(_ bytes: [UInt8], limits: Limits = Limits()) throws(FormatError) -> Value {
        try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) -> Value in
            let text = try Text(format: "YAML", bytes: buffer, limits: limits)
            guard !text.bytes.isEmpty else { return .null }
            try text.checkDirectives()
            var reader = YAMLReader(text: text, limits: limits)
            return try reader.document()
        }
    }

    /// Writes a document for people: block style, an own line for each line of a text, quotes wherever YAML 1.1 or 1.2
    /// would take a string for something else.
    public static func encode(_ value: Value) -> [UInt8] {
        var writer = YAMLWriter()
        writer.append(value)
        return writer.bytes
    }
}
