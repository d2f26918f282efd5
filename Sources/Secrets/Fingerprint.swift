/// What a secret is known again by, within one process.
public struct Fingerprint: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
}
