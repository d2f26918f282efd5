public import Tree

/// What is hidden does not exist: what somebody is told where something hidden stands is what he would be told if nothing
/// stood there.
extension Standing {
    /// The highest place on the way to one that is hidden from the principal, who sees the folder that it is in; nil if
    /// there is none.
    public func hidden(onTheWayTo path: Path) -> Path? {
        path.way.first { place in
            guard let folder = place.parent, sees(folder) else { return false }
            return !finds(place)
        }
    }

    /// The standing in the same tree without what stands at a place and below.
    public func without(_ place: Path) -> Standing {
        let policy = ([place] + policy.places(below: place)).reduce(policy) { $0.setting(nil, at: $1) }
        return Standing(principal, policy)
    }

    /// The standing that the principal would have at a place if nothing stood there that is hidden from him.
    public func asIfFree(_ path: Path) -> Standing {
        hidden(onTheWayTo: path).map(without) ?? self
    }
}
