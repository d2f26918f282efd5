import Access

/// Who asks, and how that is known.
struct Caller: Sendable {
    let principal: Principal
    /// What lets him in; nil for a call that anybody may make.
    let proof: Proof?

    static let anybody = Caller(principal: Principal(name: "anybody", .granted(groups: [])), proof: nil)
}
