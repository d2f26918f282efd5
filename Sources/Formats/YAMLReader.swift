internal import OrderedCollections
internal import Tree

/// Makes a value of the events of a YAML text, counting what aliases expand to.
struct YAMLReader {
    /// A value that aliases can name, with what an alias to it costs.
    private struct Anchored {
        let value: Value
        let height: Int
        let nodes: Int
        let bytes: Int
    }

    /// A value and how many lists and maps stand within each other in it.
    private typealias Tall = (value: Value, height: Int)

    private let text: Text
    private let limits: Limits
    private let events: YAMLEvents
    private var anchors: [String: Anchored] = [:]
    private var nodes = 0
    private var bytes = 0

    init(text: Text, limits: Limits) {
        self.text = text
        self.limits = limits
        events = YAMLEvents(text, limits: limits)
    }

    /// The value of the only document.
    mutating func document() throws(FormatError) -> Value {
        guard case .documentStart = try events.next().kind else { return .null }
        let value = try node(try events.next(), depth: 0).value
        _ = try events.next()
        let next = try events.next()
        guard case .streamEnd = next.kind else {
            throw error(next, "a second document begins here; expected one document")
        }
        return value
    }

    /// The value that begins with `event`, within `depth` lists and maps.
    private mutating func node(_ event: YAMLEvent, depth: Int) throws(FormatError) -> Tall {
        let (nodesBefore, bytesBefore) = (nodes, bytes)
        let tall: Tall
        switch event.kind {
        case .alias(let name): return try expand(name, event, depth: depth)
        case .scalar(let text, let isPlain):
            try spend(nodes: 1, bytes: text.utf8.count, event)
            tall = (try scalar(text, isPlain: isPlain, event), 0)
        case .mapStart: tall = try map(event, depth: depth + 1)
        default: tall = try list(event, depth: depth + 1)
        }
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(
                value: tall.value, height: tall.height, nodes: nodes - nodesBefore, bytes: bytes - bytesBefore)
        }
        return tall
    }

    private mutating func list(_ start: YAMLEvent, depth: Int) throws(FormatError) -> Tall {
        try open(start, tag: "seq", depth: depth)
        var list: [Value] = []
        var height = 0
        while true {
            let event = try events.next()
            if case .listEnd = event.kind { return (.list(list), height + 1) }
            let element = try node(event, depth: depth)
            list.append(element.value)
            height = max(height, element.height)
        }
    }

    private mutating func map(_ start: YAMLEvent, depth: Int) throws(FormatError) -> Tall {
        try open(start, tag: "map", depth: depth)
        var map = Map()
        var height = 0
        while true {
            let event = try events.next()
            if case .mapEnd = event.kind { return (.map(map), height + 1) }
            let key = try key(event)
            guard map[key] == nil else {
                throw error(event, "key \"\(Text.excerpt(key.text))\" is given twice; expected each key once")
            }
            let element = try node(try events.next(), depth: depth)
            map[key] = element.value
            height = max(height, element.height)
        }
    }

    /// The text of a key: as written, for `80` and `true` are keys like any other.
    private mutating func key(_ event: YAMLEvent) throws(FormatError) -> Key {
        switch event.kind {
        case .alias(let name):
            guard let text = try expand(name, event, depth: 0).value.string else {
                throw error(event, "the alias *\(name) stands for no string; expected a string as a key")
            }
            return Key(text)
        case .scalar("<<", isPlain: true) where event.tag == nil:
            throw error(event, "YAML 1.2 has no merge key <<; expected the keys themselves, or a prototype to inherit")
        case .scalar(let text, let isPlain):
            var isNull = isPlain && CoreSchema.isNull(text)
            if event.tag != nil || event.anchor != nil { isNull = try node(event, depth: 0).value == .null }
            guard !isNull else { throw error(event, "a key is null; expected text, such as \"null\" in quotes") }
            try spend(nodes: 0, bytes: text.utf8.count, event)
            return Key(text)
        case .mapStart: throw error(event, "a map stands as a key; expected a string")
        default: throw error(event, "a list stands as a key; expected a string")
        }
    }

    /// The value that an alias stands for, paid for as if it were written out.
    private mutating func expand(_ name: String, _ event: YAMLEvent, depth: Int) throws(FormatError) -> Tall {
        guard let known = anchors[name] else {
            throw error(
                event,
                "the alias *\(Text.excerpt(name)) stands for nothing; expected &\(Text.excerpt(name)) at a value before it"
            )
        }
        guard depth + known.height <= limits.depth else { throw error(event, limits.depthMessage) }
        try spend(nodes: known.nodes, bytes: known.bytes, event)
        return (known.value, known.height)
    }

    /// Checks the start of a list or a map.
    private mutating func open(_ event: YAMLEvent, tag: String, depth: Int) throws(FormatError) {
        guard depth <= limits.depth else { throw error(event, limits.depthMessage) }
        try spend(nodes: 1, bytes: 0, event)
        guard let found = event.tag, found != CoreSchema.prefix + tag else { return }
        throw error(event, CoreSchema.refusal(ofTag: found, on: tag == "seq" ? "a list" : "a map"))
    }

    private func scalar(_ text: String, isPlain: Bool, _ event: YAMLEvent) throws(FormatError) -> Value {
        guard isPlain || event.tag != nil else { return .string(text) }
        switch CoreSchema.resolve(text, tag: event.tag) {
        case .value(let value): return value
        case .refused(let reason): throw error(event, reason)
        }
    }

    private mutating func spend(nodes: Int, bytes: Int, _ event: YAMLEvent) throws(FormatError) {
        self.nodes += nodes
        self.bytes += bytes
        guard self.nodes <= limits.nodes else { throw error(event, limits.nodesMessage) }
        guard self.bytes <= limits.bytes else { throw error(event, limits.bytesMessage) }
    }

    private func error(_ event: YAMLEvent, _ message: String) -> FormatError {
        text.error(at: text.offset(ofCharacter: event.index), message)
    }
}
