import OrderedCollections
import TestSupport
import Tree

/// A change as a plan's body, and as the request that makes it.
struct PlannedChange {
    let plan: Value
    let method: String
    let target: String
    let body: Value?
}

extension Seeded {
    /// A change of any kind to a tree; some make no sense.
    ///
    /// - Parameters:
    ///   - entries: what stands in the tree.
    ///   - revision: its revision.
    ///   - step: a number that no other change has.
    mutating func change(of entries: [Map], revision: Int, step: Int) -> PlannedChange {
        let paths = entries.compactMap { $0["path"]?.string }
        let folders = entries.filter { $0["kind"] == "folder" }.compactMap { $0["path"]?.string }
        let inner = paths.filter { $0 != "/" }
        let path = chance(30) ? pick(folders.filter { $0.count < 12 }) : pick(paths)
        let place = pick(inner)
        let free = "\(chance(20) ? "" : pick(folders.filter { $0.count < 50 && $0 != "/" }))/n\(step)"
        switch Int.random(in: 0..<12, using: &self) {
        case 0, 1:
            let vm: Value = .string(chance(70) ? "vm" : "folder")
            let definition = Value.map(definition(isSound: false))
            return PlannedChange(
                plan: ["put": .string(free), "kind": vm, "definition": definition], method: "PUT",
                target: "/v1/tree\(free)", body: ["kind": vm, "definition": definition])
        case 2, 3, 4:
            var patch = definition(isSound: false)
            if chance(50) { patch["vars"] = .map(patch["vars"]?.map?.mapValues { chance(30) ? .null : $0 } ?? [:]) }
            if path == "/", chance(30) { patch["prototypes"] = ["p": .map(definition(isSound: true))] }
            return PlannedChange(
                plan: ["patch": .string(path), "definition": .map(patch)], method: "PATCH", target: "/v1/tree\(path)",
                body: .map(patch))
        case 5:
            return PlannedChange(
                plan: ["delete": .string(place), "recursive": true], method: "DELETE",
                target: "/v1/tree\(place)?recursive=true", body: nil)
        case 6, 7:
            return PlannedChange(
                plan: ["move": .string(place), "to": .string(free)], method: "POST", target: "/v1/tree\(place):move",
                body: ["to": .string(free)])
        case 8:
            return PlannedChange(
                plan: ["copy": .string(place), "to": .string(free)], method: "POST", target: "/v1/tree\(place):copy",
                body: ["to": .string(free)])
        case 9:
            let number = Int.random(in: 2...max(2, revision), using: &self)
            return PlannedChange(
                plan: ["revert": .integer(number)], method: "POST", target: "/v1/revisions/\(number):revert", body: nil)
        default:
            return apply(to: entries, step)
        }
    }

    /// Some entries written anew, some new ones; now and then nothing else stays.
    private mutating func apply(to entries: [Map], _ step: Int) -> PlannedChange {
        let root = pick(entries.filter { $0["kind"] == "folder" })["path"]?.string ?? "/"
        let base = root == "/" ? "" : root
        var written: [Value] = entries.filter { $0["path"]?.string.map { $0.hasPrefix(base + "/") } ?? false }
            .filter { _ in chance(40) }.map { entry in
                var entry = entry
                if chance(50) { entry["definition"] = .map(definition(isSound: false)) }
                return .map(entry)
            }
        if base.count < 50 {
            written.append([
                "path": .string("\(base)/n\(step)-{1..3}"), "definition": .map(definition(isSound: false)),
            ])
        }
        let body: Value = ["root": .string(root), "entries": .list(written), "prune": .bool(chance(20))]
        return PlannedChange(plan: body, method: "POST", target: "/v1/apply", body: body)
    }
}
