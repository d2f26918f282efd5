extension Value {
    /// The kind with the value itself where that is short: `the string "2 potatoes"`, `a list`.
    public var summary: String {
        switch self {
        case .null: "null"
        case .bool(let truth): "\(truth)"
        case .integer(let number): "the integer \(number)"
        case .float(let number): "the float \(number)"
        case .string(let text): "the string \"\(text.count > 40 ? text.prefix(40) + "…" : text)\""
        case .list, .map: kind
        }
    }
}
