/// What a folder holds, sorted by name.
///
/// An immutable folder is copied to be changed. Its nodes stand in runs, so that of a folder of a hundred thousand one
/// run is copied, and the list of runs. A hash tree would copy less yet, but takes twice the memory, and has to be sorted
/// whenever it is walked.
struct Children: Sendable {
    /// Nodes one after the other.
    private struct Run {
        var nodes: [Node]
        /// How many of them are folders, so that who asks does not have to look at each.
        var folders: Int

        init(_ nodes: [Node]) {
            self.nodes = nodes
            folders = nodes.count(where: \.isFolder)
        }
    }

    /// None of them is empty.
    private var runs: [Run] = []

    /// How many nodes stand in one run.
    static let longest = 64

    init() {}

    /// - Parameter nodes: sorted by name.
    init(_ nodes: [Node]) {
        runs = stride(from: 0, to: nodes.count, by: Children.longest).map { start in
            Run(Array(nodes[start..<min(start + Children.longest, nodes.count)]))
        }
    }

    var count: Int { runs.reduce(0) { $0 + $1.nodes.count } }

    var holdFolders: Bool { runs.contains { $0.folders > 0 } }

    var sorted: [Node] { runs.count == 1 ? runs[0].nodes : runs.flatMap(\.nodes) }

    /// The node of a name; set to nil, it goes.
    subscript(name: String) -> Node? {
        get {
            let (run, index) = place(of: name)
            return holds(name, run, index) ? runs[run].nodes[index] : nil
        }
        set {
            let (run, index) = place(of: name)
            switch (holds(name, run, index), newValue) {
            case (true, let node?): replace(node, run, index)
            case (true, nil): remove(run, index)
            case (false, let node?): insert(node, run, index)
            case (false, nil): break
            }
        }
    }

    /// Changes the node of a name, if there is one, where it is.
    mutating func change(_ name: String, _ body: (inout Node) -> Void) {
        let (run, index) = place(of: name)
        guard holds(name, run, index) else { return }
        body(&runs[run].nodes[index])
    }

    /// Whether these are the very nodes that others are, for none of them was changed since the one was copied.
    func isIdentical(to others: Children) -> Bool {
        runs.withUnsafeBufferPointer { runs in
            others.runs.withUnsafeBufferPointer { runs.count == $0.count && runs.baseAddress == $0.baseAddress }
        }
    }

    /// The run in which a name stands or would stand, and where in it.
    private func place(of name: String) -> (run: Int, index: Int) {
        let run = max(runs.partitionIndex { $0.nodes[0].name > name } - 1, 0)
        return (run, run < runs.count ? runs[run].nodes.partitionIndex { $0.name >= name } : 0)
    }

    private func holds(_ name: String, _ run: Int, _ index: Int) -> Bool {
        run < runs.count && index < runs[run].nodes.count && runs[run].nodes[index].name == name
    }

    private mutating func replace(_ node: Node, _ run: Int, _ index: Int) {
        runs[run].folders += (node.isFolder ? 1 : 0) - (runs[run].nodes[index].isFolder ? 1 : 0)
        runs[run].nodes[index] = node
    }

    private mutating func remove(_ run: Int, _ index: Int) {
        let node = runs[run].nodes.remove(at: index)
        if node.isFolder { runs[run].folders -= 1 }
        if runs[run].nodes.isEmpty { runs.remove(at: run) }
    }

    private mutating func insert(_ node: Node, _ run: Int, _ index: Int) {
        guard !runs.isEmpty else {
            runs = [Run([node])]
            return
        }
        runs[run].nodes.insert(node, at: index)
        if node.isFolder { runs[run].folders += 1 }
        guard runs[run].nodes.count > Children.longest else { return }
        let nodes = runs[run].nodes
        runs.replaceSubrange(
            run...run, with: [Run(Array(nodes[..<(nodes.count / 2)])), Run(Array(nodes[(nodes.count / 2)...]))])
    }
}

extension Array {
    /// The index of the first element of which something is true that is true of all behind it, too.
    fileprivate func partitionIndex(where isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
