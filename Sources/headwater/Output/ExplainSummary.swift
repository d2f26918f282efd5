import Formats
import OrderedCollections
import Tree

/// Where values come from, as people read it.
struct ExplainSummary {
    private let map: Map

    init(_ map: Map) {
        self.map = map
    }

    private var values: [Map] { map["values"]?.maps ?? [] }

    /// All values in one table: key, level, value.
    func table(_ terminal: Terminal) -> String {
        guard map["as"] == nil else { return seen(terminal) }
        let rows = values.map { value in
            let key = Cell(value["key"]?.string ?? "", .bold)
            if let absence = value["absent"]?.string { return [key, "", Cell(absence, .yellow)] }
            let served = value["value"].map { Cell($0.line) } ?? Cell("no value", .red)
            return [key, level(value["from"]), served]
        }
        return (problems(terminal) + [Table(rows: rows).text(terminal)]).joined(separator: "\n")
    }

    /// A tree for each value: what gives it, and what that rests on.
    func trees(_ terminal: Terminal) -> String {
        let trees = values.flatMap { branch($0).lines(terminal.hasColour, isUnicode: terminal.hasUnicode) }
        let seen = map["as"] == nil ? [] : [self.seen(terminal)]
        return (problems(terminal) + trees + seen).joined(separator: "\n")
    }

    private func problems(_ terminal: Terminal) -> [String] {
        (map["problems"]?.maps ?? []).map { problem in
            Style.red.apply(Terminal.printable("problem: " + Failure.line(problem)), terminal.hasColour)
        }
    }

    /// What the tool sees: key, place, value, and why it is otherwise.
    private func seen(_ terminal: Terminal) -> String {
        let tool = map["as"]?.string ?? ""
        let sights = map["seen"]?.maps ?? []
        guard !sights.isEmpty else { return Style.yellow.apply("\(tool) sees nothing of it", terminal.hasColour) }
        let rows = sights.map { sight in
            let place = sight["place"]?.string.map { Cell("→ " + $0, .green) } ?? Cell("→ nothing", .yellow)
            return [Cell(sight["key"]?.string ?? "", .bold), place, Cell(sight["value"]?.line ?? "")]
        }
        let table = Table(rows: rows).text(terminal).split(separator: "\n", omittingEmptySubsequences: false)
        return zip(table, sights).flatMap { line, sight in
            [String(line)]
                + (sight["reasons"]?.maps ?? []).map { reason in
                    let key = reason["key"] == sight["key"] ? "" : (reason["key"]?.string ?? "") + ": "
                    let text = Terminal.printable(key + (reason["detail"]?.string ?? ""))
                    return "    " + Style.yellow.apply(text, terminal.hasColour)
                }
        }.joined(separator: "\n")
    }
}

extension ExplainSummary {
    private func branch(_ value: Map) -> Branch {
        let key = Cell(value["key"]?.string ?? "", .bold)
        guard let from = value["from"] else {
            let absent = Cell(value["absent"]?.string ?? "", .yellow)
            return Branch(label: [absent], children: layers("overrode", value["overrode"]) + unset(value))
        }
        var first = Branch(label: [Cell("from", .dim), level(from)] + author(from))
        if let written = value["own"] ?? value["written"] { first.label.insert(Cell(written.line), at: 2) }
        let strategy = value["strategy"]?.string ?? ""
        return Branch(
            label: [key, Cell(value["value"]?.line ?? "no value", value["value"] == nil ? .red : .plain)],
            children: [first] + layers("\(strategy) to", value["joined"]) + layers("overrode", value["overrode"])
                + unset(value) + leads(value))
    }

    private func layers(_ word: String, _ list: Value?) -> [Branch] {
        (list?.maps ?? []).map { layer in
            let key = layer["key"]?.string.map { [Cell($0)] } ?? []
            return Branch(
                label: [Cell(word, .dim), level(layer["from"])] + key + [Cell(layer["value"]?.line ?? "", .dim)]
                    + author(layer["from"]))
        }
    }

    private func unset(_ value: Map) -> [Branch] {
        (value["unset"]?.maps ?? []).map { removal in
            let was = Branch(
                label: [Cell("was", .dim), Cell(removal["value"]?.line ?? ""), level(removal["from"])]
                    + author(removal["from"]))
            let key = removal["key"]?.string.map { [Cell($0)] } ?? []
            return Branch(
                label: [Cell("unset at", .dim), level(removal["at"])] + key + author(removal["at"]), children: [was])
        }
    }

    private func leads(_ value: Map) -> [Branch] {
        (value["references"]?.maps ?? []).map { lead in
            Branch(
                label: [
                    Cell("by", .dim), Cell("${{ \(lead["key"]?.string ?? "") }}"),
                    Cell(lead["value"]?.line ?? "nothing"),
                ]
                    + (lead["from"].map { [level($0)] + author($0) } ?? []),
                children: leads(lead))
        }
    }

    private func level(_ name: Value?) -> Cell { Cell(name?.string ?? "", .blue) }

    /// Who wrote a layer last: `r41 ana 2026-03-01 "why"`.
    private func author(_ name: Value?) -> [Cell] {
        guard let layer = name?.string.flatMap({ map["layers"]?.map?[$0]?.map }),
            let revision = layer["revision"]?.integer, revision > 0
        else { return [] }
        let words = ["r\(revision)", layer["principal"]?.string, layer["time"]?.string.map { String($0.prefix(10)) }]
        let message = layer["message"]?.string.map { " \"\($0)\"" } ?? ""
        return [Cell(words.compactMap { $0 }.joined(separator: " ") + message, .dim)]
    }
}

extension Value {
    /// The value in one line of JSON, so that a text is told from a number.
    var line: String { String(decoding: JSON.encode(self), as: UTF8.self) }
}
