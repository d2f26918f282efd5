import OrderedCollections
import Tree

/// A revision as people read it: who, when, why, and what it changed.
struct RevisionSummary {
    private let map: Map

    init(_ map: Map) {
        self.map = map
    }

    func text(_ terminal: Terminal) -> String {
        let hasColour = terminal.hasColour
        var lines = [Style.bold.apply("revision \(map["number"]?.integer ?? 0)", hasColour)]
        let facts = [
            ("by", map["principal"]?.string), ("from", map["address"]?.string),
            ("at", map["time"]?.string.map(Self.time)), ("message", map["message"]?.string),
        ].compactMap { name, text in text.map { [Cell("  " + name, .dim), Cell($0)] } }
        lines.append(Table(rows: facts).text(terminal))
        for change in map["changes"]?.maps ?? [] {
            let place = [change["from"]?.string, change["path"]?.string].compactMap { $0 }.joined(separator: " → ")
            lines.append(Terminal.printable("\(change["change"]?.string ?? "") \(place)"))
            lines += Self.lines(change["differences"]?.maps ?? [], hasColour)
        }
        if let left = map["left"]?.integer { lines.append("… and \(left) more entries") }
        return lines.joined(separator: "\n")
    }

    /// What is different, the old before the new.
    static func lines(_ differences: [Map], _ hasColour: Bool) -> [String] {
        differences.flatMap { difference in
            let key = difference["key"]?.string ?? ""
            let before = difference["before"].map { ("- ", $0, Style.red) }
            let after = difference["after"].map { ("+ ", $0, Style.green) }
            return [before, after].compactMap { $0 }.map { sign, value, style in
                style.apply(Terminal.printable("    \(sign)\(key): \(value.line)"), hasColour)
            }
        }
    }

    /// A time to the second, as people read it: `2026-03-01 09:30:00`.
    static func time(_ text: String) -> String {
        String(text.prefix(19)).replacing("T", with: " ")
    }
}
