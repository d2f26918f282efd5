import Store

/// The engines that a store can be kept by. Each has to hold the contract of ``StateStore``.
enum Engine: CaseIterable {
    case sqlite
}

extension Scratch {
    /// The directory's store.
    func store(on engine: Engine) throws -> any StateStore {
        switch engine {
        case .sqlite: try open()
        }
    }
}
