import Cascade
import OrderedCollections
import Tree

extension Edit {
    /// What becomes wrong with the keys of folders that need trust, the first of each folder: a nearer level comes to choose
    /// their values. Machines are judged each by itself, but there need not be any.
    ///
    /// - Parameter inheritances: what folders hand down after the edit.
    func presumptions(_ inheritances: Inheritances) -> [Problem] {
        var origins: [EntryID: Path] = [:]
        for entry in removed where entry.kind == .folder { origins[entry.id] = entry.path }
        var problems: [Problem] = []
        for place in tops {
            tree[place]?.walk { node in
                let entry = node.entry
                guard entry.kind == .folder,
                    let problem = tree.inheritance(of: entry.path, inheritances)?.presumptions.first,
                    before.inheritance(of: origins[entry.id] ?? entry.path)?.presumptions.isEmpty ?? true
                else { return }
                problems.append(problem)
            }
        }
        return problems
    }
}
