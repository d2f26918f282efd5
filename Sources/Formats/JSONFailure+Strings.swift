extension JSONFailure {
    /// What is wrong within a string; nil if nothing is.
    func stringError(_ token: JSONTokens.Token) -> FormatError? {
        var index = token.range.lowerBound + 1
        while index < token.range.upperBound {
            let byte = text.bytes[index]
            if byte < 0x20 {
                let code = (byte < 0x10 ? "000" : "00") + String(byte, radix: 16, uppercase: true)
                return text.error(
                    at: index, "a string holds the control character U+\(code); expected it escaped, as \\u\(code)")
            }
            guard byte == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            // A pair of surrogates is one escape.
            let lengths = [2, 6, 12].filter { index + $0 < token.range.upperBound }
            guard let length = lengths.first(where: { isString(index..<index + $0) }) else {
                guard !token.isUnclosed else { break }
                let shown = text.excerpt(index..<min(index + 6, token.range.upperBound - 1))
                return text.error(
                    at: index,
                    "the escape \(shown) names no character; expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t, \\u and 4 hex digits, "
                        + "or a pair of surrogates")
            }
            index += length
        }
        guard token.isUnclosed else { return nil }
        return text.error(at: token.range.lowerBound, "a string begins here and does not end; expected a closing \"")
    }

    private func isString(_ range: Range<Int>) -> Bool {
        let quoted = [UInt8(ascii: "\"")] + text.bytes[range] + [UInt8(ascii: "\"")]
        return quoted.withUnsafeBufferPointer(isJSON)
    }
}
