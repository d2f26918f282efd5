public import Tree

/// JSON (RFC 8259).
public enum JSON {
    /// Reads a document of one value of any kind; a byte order mark before it is ignored.
    ///
    /// Refused are repeated keys, NUL in keys, integers beyond 64 bits, floats beyond a double, lone surrogates, and what
    /// exceeds `limits`.
    public static func decode(_ bytes: [UInt8], limits: Limits = Limits()) throws(FormatError) -> Value {
        try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) -> Value in
            let text = try Text(format: "JSON", bytes: buffer, limits: limits)
            // jansson recurses while it parses, so the depth must be known before.
            try JSONTokens(text).check(within: limits)
            return try JSONReader(text: text).value()
        }
    }

    /// Writes a document: compact, or with `pretty` for people: indented by 2 spaces, a newline at the end.
    public static func encode(_ value: Value, pretty: Bool = false) -> [UInt8] {
        var writer = JSONWriter(bytes: [], indent: pretty ? 0 : nil)
        // Most definitions fit into this, and bytes that grow are copied again and again.
        writer.bytes.reserveCapacity(512)
        writer.append(value)
        if pretty { writer.bytes.append(UInt8(ascii: "\n")) }
        return writer.bytes
    }

    /// Writes a value compactly after what `bytes` holds.
    ///
    /// Floats are the shortest text that reads back the same, always with a dot. A float that is not finite, which no
    /// `Value` should hold, becomes `null`.
    public static func append(_ value: Value, to bytes: inout [UInt8]) {
        var writer = JSONWriter(bytes: [], indent: nil)
        swap(&writer.bytes, &bytes)
        writer.append(value)
        swap(&writer.bytes, &bytes)
    }

    /// Writes the key of a member, and the colon after it.
    public static func append(key: String, to bytes: inout [UInt8]) {
        append(string: key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes a string in quotes; only quotes, backslashes and characters below U+0020 are escaped.
    public static func append(string: String, to bytes: inout [UInt8]) {
        JSONWriter.append(string, to: &bytes)
    }
}
