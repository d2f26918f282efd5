internal import CYaml

/// Says what is wrong with a YAML text that libyaml refused, and where.
struct YAMLFailure {
    let text: Text
    let limits: Limits

    func error(_ parser: yaml_parser_t) -> FormatError {
        let problem = parser.problem.map { String(cString: $0) } ?? "out of memory"
        switch parser.error {
        case YAML_READER_ERROR:
            if let error = text.encodingError() { return error }
            let digits = String(parser.problem_value, radix: 16, uppercase: true)
            let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return text.error(
                at: parser.problem_offset,
                "the character U+\(code) is not allowed in YAML; expected \\u\(code) in a string in double quotes")
        case YAML_MEMORY_ERROR:
            return text.error(at: 0, "the memory does not suffice; expected a smaller document")
        default: break
        }
        let offset = text.offset(ofCharacter: parser.problem_mark.index)
        if problem.hasPrefix("Maximum nesting level") { return text.error(at: offset, limits.depthMessage) }
        if problem == "found unexpected end of stream" {
            let start = text.offset(ofCharacter: parser.context_mark.index)
            return text.error(at: start, "a string begins here and does not end; expected a closing quote")
        }
        return text.error(at: offset, Self.message(problem, at: offset < text.bytes.count ? text.bytes[offset] : nil))
    }

    /// libyaml's problem, with what would be right.
    private static func message(_ problem: String, at byte: UInt8?) -> String {
        if byte == UInt8(ascii: "\t") { return "a tab stands where YAML allows spaces only; expected spaces" }
        if problem == "found character that cannot start any token", let byte {
            let character = Unicode.Scalar(byte)
            return "a plain value cannot begin with \(character); expected the value in quotes"
        }
        let expectation = table.first { $0.0 == problem }?.1
        return expectation.map { "\(problem); expected \($0)" } ?? "\(problem); expected YAML 1.2"
    }

    private static let table = [
        ("did not find expected key", "\"key: value\" at the indentation of its map"),
        ("did not find expected '-' indicator", "\"- \" at the indentation of its list"),
        ("did not find expected ',' or ']'", "a comma or ] in the list that [ begins"),
        ("did not find expected ',' or '}'", "a comma or } in the map that { begins"),
        ("could not find expected ':'", "\"key: value\" on one line"),
        ("mapping values are not allowed in this context", "the value in quotes, or the key on an own line"),
        ("block sequence entries are not allowed in this context", "the list below its key, indented"),
        ("did not find expected node content", "a value"),
        ("did not find expected <document start>", "one document, with directives before ---"),
        ("did not find expected alphabetic or numeric character", "a name of letters, digits, - and _"),
        ("found unknown escape character", "an escape of YAML, or the backslash doubled"),
        ("found invalid Unicode character escape code", "the code of a character"),
        ("found undefined tag handle", "no tag, or one of the core schema such as !!str"),
    ]
}
