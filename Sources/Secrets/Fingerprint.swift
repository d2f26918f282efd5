/// What bytes are known again by, within one process.
public struct Fingerprint: Sendable {
    let high: UInt64
    let low: UInt64
}

extension Fingerprint: Hashable {
    /// Half of it is as hard to foresee as all of it.
    public func hash(into hasher: inout Hasher) { hasher.combine(low) }
}
