import Store
import Tree

/// What revisions did, read from the store once for all who want to hear of them.
actor Revisions {
    /// A revision and the entries that it touched.
    struct News: Sendable {
        let revision: Revision
        let touches: [Touch]
    }

    private let store: any StateStore
    private let thread = SerialThread("headwater.revisions")
    /// The last that were read, oldest first.
    private var kept: [News] = []

    /// How many are kept.
    private static let limit = 32

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(_ store: any StateStore) {
        self.store = store
    }

    /// Nil if the store holds no such revision.
    func news(of number: Int) throws(StoreError) -> News? {
        if let known = kept.first(where: { $0.revision.number == number }) { return known }
        guard let revision = try store.revision(number) else { return nil }
        let before = try store.entries(before: number)
        let touches = try store.changes(of: number).map { Touch($0, before: before[$0.id]) }
        let news = News(revision: revision, touches: touches)
        kept.append(news)
        if kept.count > Revisions.limit { kept.removeFirst() }
        return news
    }
}
