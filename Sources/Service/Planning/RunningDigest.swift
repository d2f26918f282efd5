import Secrets

/// A digest of many things in order, none of which is kept.
struct RunningDigest {
    private(set) var text = Digest.etag(of: [])

    mutating func add(_ bytes: [UInt8]) {
        text = Digest.etag(of: Array(text.utf8) + bytes)
    }
}
