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
        lines += (map["changes"]?.maps ?? []).flatMap { ChangeSummary($0).lines(hasColour) }
        if let left = map["left"]?.integer { lines.append("… and \(left) more entries") }
        return lines.joined(separator: "\n")
    }

    /// A time to the second, as people read it: `2026-03-01 09:30:00`.
    static func time(_ text: String) -> String {
        String(text.prefix(19)).replacing("T", with: " ")
    }
}
