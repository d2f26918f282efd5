internal import CYaml

/// The events of a YAML text, from the libyaml that Yams carries.
///
/// Not through `Yams.Parser`: it composes whole trees, so it expands aliases and hashes keys before anybody can count
/// them, recurses as deep as the text says, and names repeated keys without their place.
final class YAMLEvents {
    private let failure: YAMLFailure
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// `text` must outlive the events, and not be empty.
    init(_ text: Text, limits: Limits) {
        failure = YAMLFailure(text: text, limits: limits)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.bytes.baseAddress, text.bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event; `streamEnd` again and again at the end.
    func next() throws(FormatError) -> YAMLEvent {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw failure.error(parser.pointee) }
            defer { yaml_event_delete(&event) }
            if let event = Self.event(event) { return event }
        }
    }

    private static func event(_ event: yaml_event_t) -> YAMLEvent? {
        let data = event.data
        switch event.type {
        case YAML_STREAM_START_EVENT: return nil
        case YAML_DOCUMENT_START_EVENT: return make(.documentStart, event)
        case YAML_DOCUMENT_END_EVENT: return make(.documentEnd, event)
        case YAML_ALIAS_EVENT: return make(.alias(string(data.alias.anchor) ?? ""), event)
        case YAML_SCALAR_EVENT:
            let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
            let isPlain = data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            let kind = YAMLEvent.Kind.scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
            return make(kind, event, data.scalar.anchor, data.scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            return make(.listStart, event, data.sequence_start.anchor, data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: return make(.listEnd, event)
        case YAML_MAPPING_START_EVENT:
            return make(.mapStart, event, data.mapping_start.anchor, data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: return make(.mapEnd, event)
        default: return make(.streamEnd, event)
        }
    }

    private static func make(
        _ kind: YAMLEvent.Kind, _ event: yaml_event_t, _ anchor: UnsafePointer<UInt8>? = nil,
        _ tag: UnsafePointer<UInt8>? = nil
    ) -> YAMLEvent {
        YAMLEvent(kind: kind, anchor: string(anchor), tag: string(tag), index: event.start_mark.index)
    }

    private static func string(_ start: UnsafePointer<UInt8>?) -> String? {
        start.map { String(cString: $0) }
    }
}
