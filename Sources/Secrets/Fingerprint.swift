/// What bytes are known again by, within one process.
public struct Fingerprint: Sendable {
    let high: UInt64
    let low: UInt64

    /// That of nothing in particular.
    public static let zero = Fingerprint(high: 0, low: 0)

    /// A place in one of several tables, each as likely as any other: which table, and where in it. Both counts are powers
    /// of two.
    public func table(of count: Int) -> Int { Int(truncatingIfNeeded: high) & (count - 1) }
    public func place(of count: Int) -> Int { Int(truncatingIfNeeded: low) & (count - 1) }
}

extension Fingerprint: Hashable {
    /// Half of it is as hard to foresee as all of it.
    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
