import Access

/// Who asks, and how that is known.
struct Caller: Sendable {
    let principal: Principal
    /// What lets him in; nil where anybody may call, and for a certificate, which its connection proves.
    let proof: Proof?

    static let anybody = Caller(principal: Principal(name: "anybody", .granted(groups: [])), proof: nil)
}
