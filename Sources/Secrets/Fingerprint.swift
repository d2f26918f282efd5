/// What a secret is known again by, within one process.
public struct Fingerprint: Hashable, Sendable {
    let bytes: [UInt8]
}
