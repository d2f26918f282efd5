import Access
import OrderedCollections
import TestSupport
import Tree

/// Trees with random `access`, and people to ask about.
struct RandomTree {
    let tree: Hierarchy
    let paths: [Path]

    static let names = ["ana", "bob", "eva"]
    static let groups: Set<String> = ["teachers", "students"]

    var policy: Policy { Policy(tree) }

    init(_ random: inout Seeded) {
        var tree = Hierarchy()
        var folders: [Path] = [.root]
        var paths: [Path] = [.root]
        for number in 0..<Int.random(in: 1...20, using: &random) {
            let parent = random.pick(folders)
            guard parent.segments.count < 6, let path = try? parent.appending("n\(number)") else { continue }
            let kind: Kind = random.chance(70) ? .folder : .vm
            if kind == .folder { folders.append(path) }
            paths.append(path)
            tree = tree.setting(Entry(kind: kind, path: path, revision: 1))
        }
        for path in paths where random.chance(50) {
            guard let entry = tree[path]?.entry else { continue }
            let definition: Map = ["access": .map(RandomTree.access(&random))]
            tree = tree.setting(
                Entry(id: entry.id, kind: entry.kind, path: path, definition: definition, revision: 1))
        }
        self.tree = tree
        self.paths = paths
    }

    static func access(_ random: inout Seeded) -> Map {
        var access: Map = [:]
        var may: Map = [:]
        for role in Role.allCases {
            if random.chance(40) {
                let all = names + groups.sorted().map { "@" + $0 }
                access[role.key] = .list((0..<2).map { _ in .string(random.pick(all)) })
            }
            if random.chance(30) {
                let rights = Right.allCases.filter { $0 == .view ? random.chance(80) : random.chance(50) }
                may[role.rawValue] = .list(rights.map { .string($0.rawValue) })
            }
        }
        if !may.isEmpty { access["may"] = .map(may) }
        return access
    }

    static func principal(_ random: inout Seeded, _ paths: [Path], bounds isBound: Bool = false) -> Principal {
        var bounds = Bounds.none
        if isBound {
            if random.chance(50) { bounds.folder = random.pick(paths) }
            if random.chance(50) { bounds.rights = Set(Right.allCases.filter { _ in random.chance(70) }) }
        }
        let authority: Authority =
            random.chance(10) ? .superuser : .granted(groups: groups.filter { _ in random.chance(50) })
        return Principal(name: random.pick(names), authority, bounds: bounds)
    }
}

/// The model again, in the words of the documentation and without a thought for speed.
struct PlainModel {
    let tree: Hierarchy

    func rights(of principal: Principal, at path: Path) -> Set<Right> {
        if principal.authority == .machine || principal.bounds.certname != nil { return [] }
        if let folder = principal.bounds.folder, !folder.contains(path) { return [] }
        var rights: Set<Right> = []
        switch principal.authority {
        case .superuser: rights = Set(Right.allCases)
        case .machine: break
        case .granted(let groups):
            for role in Role.allCases where has(role, [principal.name] + groups.map { "@\($0)" }, path) {
                rights.formUnion(may(role, path))
            }
        }
        if let bound = principal.bounds.rights { rights.formIntersection(bound) }
        return rights.contains(.view) ? rights : []
    }

    private func access(_ path: Path) -> [Map] {
        let way = sequence(first: path) { $0.parent }.reversed()
        return way.compactMap { tree[$0]?.entry.definition["access"]?.map }
    }

    private func has(_ role: Role, _ names: [String], _ path: Path) -> Bool {
        access(path).contains { access in
            (access[role.rawValue + "s"]?.list ?? []).contains { names.contains($0.string ?? "") }
        }
    }

    private func may(_ role: Role, _ path: Path) -> Set<Right> {
        let lists = access(path).compactMap { $0["may"]?.map?[role.rawValue]?.list }
            .map { Set($0.compactMap { $0.string.flatMap(Right.init) }) }
        guard let first = lists.first else { return PlainModel.standard[role] ?? [] }
        let rights = lists.dropFirst().reduce(first) { $0.intersection($1) }
        return rights.contains(.view) ? rights : []
    }

    static let standard: [Role: Set<Right>] = [
        .manager: [
            .view, .viewSecrets, .createFolder, .edit, .delete, .start, .stop, .create, .destroy, .console, .snapshot,
            .grant,
        ],
        .user: [.view, .start, .stop, .create, .destroy, .console, .snapshot],
        .reader: [.view],
    ]
}
