/// A step of a YAML document, in the order of the text.
struct YAMLEvent {
    enum Kind {
        case streamEnd
        case documentStart, documentEnd
        case scalar(String, isPlain: Bool)
        case alias(String)
        case listStart, listEnd
        case mapStart, mapEnd
    }

    let kind: Kind
    /// The name that aliases use for what begins here.
    let anchor: String?
    /// An explicit tag in full, such as `tag:yaml.org,2002:str`.
    let tag: String?
    /// Where it begins, in characters from the start of the text.
    let index: Int
}
