internal import CJansson
internal import Tree

/// Says what is wrong with a JSON text that jansson refused, and where.
///
/// jansson tells the place up to which it had read and a text for programmers; people look for the token that is wrong.
struct JSONFailure {
    let text: Text

    func error(_ error: json_error_t) -> FormatError {
        let code = json_error_code(UInt32(UInt8(bitPattern: error.text.159)))
        switch code {
        case json_error_invalid_utf8:
            if let error = text.encodingError() { return error }
        case json_error_duplicate_key:
            return repeatedKey()
        default: break
        }
        let expected = Self.expectation(error, code)
        var tokens = JSONTokens(text)
        guard let token = tokens.token(readUpTo: Int(error.position)) else { return ending(expected) }
        if let error = tokenError(token, code, expected) { return error }
        if code == json_error_premature_end_of_input { return ending(expected) }
        return text.error(
            at: token.range.lowerBound, "\(text.excerpt(token.range)) is not allowed here; expected \(expected)")
    }

    /// The error for the first key that its map has already.
    func repeatedKey() -> FormatError {
        var keys: [Set<Key>] = []
        var last: JSONTokens.Token?
        var tokens = JSONTokens(text)
        while let token = tokens.next() {
            switch token.kind {
            case .open: keys.append([])
            case .close: _ = keys.popLast()
            case .colon:
                guard let name = last, let key = string(name), var known = keys.popLast() else { continue }
                guard known.insert(Key(key)).inserted else {
                    return text.error(
                        at: name.range.lowerBound,
                        "key \(text.excerpt(name.range)) is given twice; expected each key once")
                }
                keys.append(known)
            default: break
            }
            last = token
        }
        return text.error(at: 0, "a key is given twice; expected each key once")
    }

    /// What is wrong with a token, wherever it stands; nil if it is right.
    private func tokenError(_ token: JSONTokens.Token, _ code: json_error_code, _ expected: String) -> FormatError? {
        let start = token.range.lowerBound
        let shown = text.excerpt(token.range)
        switch (token.kind, code) {
        case (.string, json_error_null_byte_in_key):
            return text.error(at: start, "key \(shown) holds the character U+0000; expected a key without it")
        case (.string, _):
            return stringError(token)
        case (.word, json_error_numeric_overflow):
            let isFloat = text.bytes[token.range].contains { [".", "e", "E"].contains(Unicode.Scalar($0)) }
            return text.error(at: start, isFloat ? Numbers.floatMessage(shown) : Numbers.integerMessage(shown))
        case (.word, _):
            // Of a wrong number jansson takes the right beginning, and then expects a comma or the like.
            let isNumber = "-0123456789".utf8.contains(text.bytes[start])
            guard isNumber || expected == Self.value, !isValue(token) else { return nil }
            return text.error(
                at: start,
                "\(shown) is no value; expected a string in double quotes, a number, true, false, null, a list or a map"
            )
        default: return nil
        }
    }

    private static let value = "a value"
    private static let endOfList = "a , or ]"

    private func ending(_ expected: String) -> FormatError {
        var tokens = JSONTokens(text)
        var last: JSONTokens.Token?
        while let token = tokens.next() { last = token }
        // At the end jansson expects a list's end even where an element must or may follow.
        let expected =
            switch last?.kind {
            case .comma where expected == Self.endOfList: Self.value
            case .open where expected == Self.endOfList: "\(Self.value) or ]"
            default: expected
            }
        return text.error(
            at: text.bytes.count, "the text \(last == nil ? "is empty" : "ends too early"); expected \(expected)")
    }

    /// What jansson expected where it stopped.
    private static func expectation(_ error: json_error_t, _ code: json_error_code) -> String {
        guard code != json_error_end_of_input_expected else { return "the text to end after its value" }
        let message = withUnsafeBytes(of: error.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let table = [
            ("string or '}' expected", "a key in double quotes or }"), ("':' expected", "a : after the key"),
            ("'}' expected", "a , or }"), ("']' expected", endOfList),
        ]
        return table.first { message.hasPrefix($0.0) }?.1 ?? value
    }

    private func isValue(_ token: JSONTokens.Token) -> Bool {
        isJSON(UnsafeBufferPointer(rebasing: text.bytes[token.range]))
    }

    func isJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var error = json_error_t()
        guard let json = JSONReader.parse(bytes, &error) else { return false }
        json_decref(json)
        return true
    }

    private func string(_ token: JSONTokens.Token) -> String? {
        var error = json_error_t()
        let slice = UnsafeBufferPointer(rebasing: text.bytes[token.range])
        guard let json = JSONReader.parse(slice, &error) else { return nil }
        defer { json_decref(json) }
        return JSONReader.string(json_string_value(json), json_string_length(json))
    }
}
