import HTTP
import Synchronization

/// Keeps documents by the paths that ask for them, until their bodies are too many bytes; then it begins anew.
///
/// Two paths of one hash, of 64 bits that nobody can foresee, take each other's place.
final class Shelf: Sendable {
    private struct Contents {
        var documents: [Int: Kept] = [:]
        /// Of all bodies.
        var bytes = 0
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    /// - Parameter capacity: bytes of bodies kept.
    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(hash: Int) -> Kept? { contents.withLock { $0.documents[hash] } }

    func keep(_ kept: Kept, _ hash: Int) {
        let size = kept.document.body.count
        contents.withLock { contents in
            let former = contents.documents.updateValue(kept, forKey: hash)
            contents.bytes += size - (former?.document.body.count ?? 0)
            guard contents.bytes > capacity else { return }
            contents = Contents(documents: [hash: kept], bytes: size)
        }
    }
}
