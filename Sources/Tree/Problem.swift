/// What is wrong with a definition, where, and what would be right.
public struct Problem: Error, Hashable, Sendable {
    /// The entry whose definition is wrong.
    public var path: Path?
    /// The key within the definition.
    public var key: DottedPath?
    /// The layer that brought the value, where it is not the entry itself.
    public var layer: Source?
    /// What was expected, what was found.
    public var message: String

    public init(path: Path? = nil, key: DottedPath? = nil, layer: Source? = nil, _ message: String) {
        self.path = path
        self.key = key
        self.layer = layer
        self.message = message
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
