import HTTP
import Secrets
import Synchronization

/// Keeps documents by the fingerprints of the paths that ask for them, until their bodies are too many bytes; then it begins
/// anew.
final class Shelf: Sendable {
    private struct Contents {
        var documents: [Fingerprint: Kept] = [:]
        /// Of all bodies.
        var bytes = 0
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    /// - Parameter capacity: bytes of bodies kept.
    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(mark: Fingerprint) -> Kept? { contents.withLock { $0.documents[mark] } }

    func keep(_ kept: Kept) {
        let size = kept.document.body.count
        contents.withLock { contents in
            let former = contents.documents.updateValue(kept, forKey: kept.mark)
            contents.bytes += size - (former?.document.body.count ?? 0)
            guard contents.bytes > capacity else { return }
            contents = Contents(documents: [kept.mark: kept], bytes: size)
        }
    }
}
