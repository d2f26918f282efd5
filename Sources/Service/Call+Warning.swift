extension Call {
    /// The header that names machines which a list leaves out, because their definitions are broken (RFC 7234 §5.5).
    static func warning(leftOut names: [String]) -> [(name: String, value: String)] {
        guard !names.isEmpty else { return [] }
        let what =
            names.count == 1
            ? "1 machine has a broken definition and is" : "\(names.count) machines have a broken definition and are"
        let list = names.prefix(ProblemDocument.longest).joined(separator: ", ")
        return [("Warning", "199 headwater \"\(what) left out: \(list); see /v1/problems\"")]
    }
}
