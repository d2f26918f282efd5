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

    /// Whether what a revision did to an entry is told: where it stands now, or stood before.
    func hears(of touch: Touch) -> Bool {
        hears(of: touch.path) || touch.from.map(hears) ?? false
    }
}
