/// What is wrong with a definition, where, and what would be right.
public struct Problem: Error, Sendable {
    /// The entry whose definition is wrong.
    public var path: Path?
    /// The key within the definition.
    public var key: DottedPath?
    /// The layer that brought the value, where it is not the entry itself.
    public var layer: Source?
    /// What was expected, what was found.
    public var message: String
    /// The names that would have been right, and what the message says beside them.
    private var offer: (text: String, names: Offer)?

    public init(path: Path? = nil, key: DottedPath? = nil, layer: Source? = nil, _ message: String) {
        self.path = path
        self.key = key
        self.layer = layer
        self.message = message
    }

    /// A problem whose message goes on with what may have been meant.
    public init(_ text: String, _ names: Offer) {
        self.init("\(text); \(names.hint { _ in true })")
        offer = (text, names)
    }

    /// The same, of another entry, or of none in particular.
    public func of(_ path: Path?) -> Problem {
        var problem = self
        problem.path = path
        return problem
    }

    /// The same for who sees some places only: no name that others alone may know is told.
    public func seen(_ sees: (Path) -> Bool) -> Problem {
        guard let offer else { return self }
        return Problem(path: path, key: key, layer: layer, "\(offer.text); \(offer.names.hint(sees))")
    }
}

extension Problem: Hashable {
    public static func == (one: Problem, other: Problem) -> Bool {
        one.path == other.path && one.key == other.key && one.layer == other.layer && one.message == other.message
            && one.offer?.names == other.offer?.names
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(path)
        hasher.combine(key)
        hasher.combine(layer)
        hasher.combine(message)
    }
}

extension Problem: CustomStringConvertible {
    /// `/courses/so/alice/web: hardware.memory (from /courses/so/common): expected a size, found a list`.
    public var description: String {
        var text = path.map { "\($0): " } ?? ""
        if let key { text += "\(key)" }
        if let layer, layer.path != path || layer.prototype != nil {
            text += key == nil ? "from \(layer)" : " (from \(layer))"
        }
        if !text.isEmpty, !text.hasSuffix(": ") { text += ": " }
        return text + message
    }
}
