import Tree

/// A list of entries, drawn as the tree that their paths make.
struct TreePicture {
    let root: Path
    /// Sorted by path; folders that hold one of them need not be among them.
    let entries: [Listing]

    func lines(levels: Int?, _ hasColour: Bool, isUnicode: Bool = true) -> [String] {
        let known: [(segments: ArraySlice<String>, listing: Listing)] = entries.compactMap { entry in
            guard let path = try? Path(entry.path), root.contains(path) else { return nil }
            return (path.segments.dropFirst(root.segments.count), entry)
        }
        return branch(root.description, known[...], levels ?? .max).lines(hasColour, isUnicode: isUnicode)
    }

    /// How many there are: `5 folders, 24 machines: 3 running, 21 provisioned`.
    var sum: String {
        let machines = entries.filter { !$0.isFolder }
        let folders = entries.count { $0.isFolder && $0.path != root.description }
        let states = Dictionary(grouping: machines, by: \.state).mapValues(\.count).sorted {
            ($1.value, $0.key) < ($0.value, $1.key)
        }
        let list = states.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        return "\(TreePicture.count(folders, "folder")), \(TreePicture.count(machines.count, "machine"))"
            + (list.isEmpty ? "" : ": \(list)")
    }

    private typealias Known = ArraySlice<(segments: ArraySlice<String>, listing: Listing)>

    /// - Parameter known: what stands at this place or below, sorted.
    private func branch(_ name: String, _ known: Known, _ levels: Int) -> Branch {
        let own = known.first.flatMap { $0.segments.isEmpty ? $0.listing : nil }
        var branch = Branch(label: TreePicture.label(name, own))
        guard levels > 0 else { return branch }
        var rest = own == nil ? known : known.dropFirst()
        while let child = rest.first?.segments.first {
            let end = rest.firstIndex { $0.segments.first != child } ?? rest.endIndex
            let below = rest[..<end].map { (segments: $0.segments.dropFirst(), listing: $0.listing) }
            branch.children.append(self.branch(child, below[...], levels - 1))
            rest = rest[end...]
        }
        return branch
    }

    private static func label(_ name: String, _ listing: Listing?) -> [Cell] {
        guard let listing, !listing.isFolder else {
            return [Cell(name.hasSuffix("/") ? name : name + "/", .blue)]
        }
        return [Cell(name), .state(listing.state)]
    }

    private static func count(_ number: Int, _ word: String) -> String {
        "\(number) \(word)\(number == 1 ? "" : "s")"
    }
}
