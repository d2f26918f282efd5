import Cascade
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Tree

/// The images that the tree names, where they may be, and the machines that lean on them.
struct Catalogue: Sendable {
    private(set) var items: [Item] = []

    struct Item: Sendable {
        /// The highest folder that says so; nil if none does any more.
        let folder: Path?
        let image: Image
        /// Where to look for it: the hypervisors of the machines that lean on it, and the one that the folder names.
        var hypervisors: [Endpoint] = []
        /// The machines that exist with disks that hold only the differences from it.
        var machines: [Path] = []

        mutating func look(on endpoint: Endpoint) {
            if !hypervisors.contains(where: { $0.address == endpoint.address }) { hypervisors.append(endpoint) }
        }
    }

    /// - Parameter sees: which machines may be told of.
    init(_ snapshot: Snapshot, _ sees: (Path) -> Bool = { _ in true }) {
        snapshot.tree.root.walk { node in
            guard node.entry.kind == .folder else { return }
            add(node.entry.path, snapshot)
        }
        for (id, record) in snapshot.records {
            guard let path = snapshot.index.listings[id]?.path, sees(path), let applied = record.applied else {
                continue
            }
            let endpoint = try? Endpoint(path: path, definition: applied)
            for image in record.backings { lean(path, image, endpoint) }
        }
        for index in items.indices { items[index].machines.sort() }
    }

    /// Takes up what a machine in a folder would find there, and would not in the folder above.
    private mutating func add(_ folder: Path, _ snapshot: Snapshot) {
        guard let inheritance = snapshot.inheritance(of: folder) else { return }
        let above = folder.parent.flatMap(snapshot.inheritance)
        guard above.map(inheritance.hasImages) != true else { return }
        let (definition, known) = (inheritance.anyMachine, above?.anyMachine ?? [:])
        for name in definition["images"]?.map?.keys.map(\.text) ?? [] {
            guard let image = Image(named: name, in: definition), Image(named: name, in: known) != image else {
                continue
            }
            var item = Item(folder: folder, image: image)
            if let endpoint = try? Endpoint(path: folder, definition: definition) { item.look(on: endpoint) }
            items.append(item)
        }
    }

    private mutating func lean(_ path: Path, _ image: Image, _ endpoint: Endpoint?) {
        let place = image.place
        // The deepest folder above the machine that names the image so; one that was moved away stands by itself.
        let index =
            items.lastIndex {
                $0.image.name == image.name && $0.image.place == place && $0.folder?.contains(path) ?? true
            }
        if index == nil { items.append(Item(folder: nil, image: image)) }
        let found = index ?? items.count - 1
        items[found].machines.append(path)
        if let endpoint { items[found].look(on: endpoint) }
    }
}

extension Inheritance {
    /// The computed definition of a machine that says nothing itself, but for what must not be looked for.
    fileprivate var anyMachine: Map { anyMachine(supply: ["hypervisors", "images", "pools"]) }
}
