import Tree

/// Who hears of an event: the one place where that is decided.
struct Audience: Sendable {
    /// Whether a place exists for it: `Call.sees`.
    let sees: @Sendable (Path) -> Bool
    /// Only of what is here and below.
    let folder: Path
    let kinds: Set<Notice.Kind>

    /// Whether something at a place is told.
    func hears(of path: Path) -> Bool {
        folder.contains(path) && sees(path)
    }

    /// What is told of what a revision did to an entry; nil: nothing.
    /// - Parameter saw: whether a place exists for it, as it was before the revision or after.
    func hears(of touch: Touch, _ saw: (Path, _ isBefore: Bool) -> Bool) -> Touch? {
        touch.seen(saw).flatMap { touch in
            folder.contains(touch.path) || touch.from.map(folder.contains) ?? false ? touch : nil
        }
    }
}
