import OrderedCollections
import TestSupport
import Tree

/// Random trees of folders and machines whose definitions meet at few keys.
extension Seeded {
    /// The entries of an apply.
    ///
    /// - Parameter isSound: whether every machine can be computed.
    mutating func entries(machines: Int, folders count: Int = 60, isSound: Bool = true) -> [Map] {
        var root = definition(isSound: isSound)
        // One may name the other, but not in a circle.
        var (outer, inner) = (definition(isSound: isSound), definition(isSound: isSound))
        inner["prototype"] = nil
        outer["prototype"] = chance(50) ? .string("q") : nil
        root["prototypes"] = ["p": .map(outer), "q": .map(inner)]
        root["merge"] = ["vars.l": .string(pick(["append", "prepend", "unique"]))]
        var entries: [Map] = [["path": "/", "kind": "folder", "definition": .map(root)]]
        var folders = [""]
        for number in 0..<count {
            let path = "\(pick(folders.filter { $0.count < 40 }))/f\(number)"
            folders.append(path)
            entries.append(
                ["path": .string(path), "kind": "folder", "definition": .map(definition(isSound: isSound))])
        }
        for number in 0..<machines {
            let path = "\(pick(folders))/m\(number)"
            entries.append(["path": .string(path), "kind": "vm", "definition": .map(definition(isSound: isSound))])
        }
        return entries
    }

    /// - Parameter isSound: whether it refers only to what is always there.
    mutating func definition(isSound: Bool) -> Map {
        var vars: Map = [:]
        for name in ["a", "b", "c", "l", "m", "title", "with-dash"] where chance(25) {
            vars[name] = value(name, isSound: isSound)
        }
        var definition: Map = ["vars": .map(vars)]
        if chance(20) { definition["prototype"] = .string(pick(["p", "q"])) }
        if chance(10) { definition["unset"] = [.string("vars.\(pick(["a", "l", "m.x"]))")] }
        if chance(20) { definition["puppet"] = ["classes": .list([.string(pick(["ntp", "web"]))])] }
        guard !isSound else { return definition }
        if chance(10) { definition["domain"] = .string(pick(["lab.example", "lab2.example"])) }
        if chance(10) { definition["merge"] = ["vars.l": .string(pick(["append", "prepend", "unique", "replace"]))] }
        if chance(10) { definition["ansible"] = ["groups": .list([.string(pick(["web_servers", "databases"]))])] }
        if chance(10) { definition["salt"] = ["states": .list([.string(pick(["ntp", "web"]))])] }
        return definition
    }

    private mutating func value(_ name: String, isSound: Bool) -> Value {
        switch name {
        case "l": .list([.integer(Int.random(in: 0..<5, using: &self))])
        case "m": ["x": .integer(Int.random(in: 0..<5, using: &self)), "y": .string(chance(50) ? "s" : "t")]
        case "c": .string("${{ self.name }}-${{ self.folder }}")
        // Through two others, to what may not be there.
        case "title" where !isSound: .string("${{ vars.b }} of ${{ self.certname }}")
        case "b" where !isSound && chance(50): .string("${{ vars.a }}")
        default: .integer(Int.random(in: 0..<5, using: &self))
        }
    }
}
