import OrderedCollections
import Tree

/// An entry as people read it: what is known of it, then what was written there.
struct EntrySummary {
    private let map: Map

    init(_ map: Map) {
        self.map = map
    }

    func text(_ terminal: Terminal) -> String {
        let listing = Listing(map: map)
        var lines = [Style.bold.apply(listing.path, terminal.hasColour)]
        lines.append(Table(rows: facts.map { [Cell("  " + $0.0, .dim), $0.1] }).text(terminal))
        for problem in map["problems"]?.list?.compactMap(\.map) ?? [] {
            let line = Terminal.printable("problem: " + Failure.line(problem))
            lines.append("  " + Style.red.apply(line, terminal.hasColour))
        }
        if !listing.definition.isEmpty {
            lines.append("  " + Style.dim.apply("definition", terminal.hasColour))
            let text = terminal.shown(Value.map(listing.definition).yaml)
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { "    " + $0 }
        }
        if let children = map["children"]?.list, !children.isEmpty {
            lines.append("  " + Style.dim.apply("children", terminal.hasColour))
            let rows = children.compactMap(\.map).map { Listing(map: $0) }.map { child in
                [Cell("    " + child.name + (child.isFolder ? "/" : "")), .state(child.state), Cell(child.certname)]
            }
            lines.append(Table(rows: rows).text(terminal))
        }
        return lines.joined(separator: "\n")
    }

    /// `hardware.cpus: 2 was applied, 4 is defined by now`.
    private static func line(_ difference: Map, _ isDrift: Bool) -> String {
        let text = { (name: String) in
            difference[name].map { value in
                value.map == nil && value.list == nil ? value.readable : String(value.json.filter { !$0.isNewline })
            } ?? "nothing"
        }
        let other = isDrift ? "\(text("observed")) found there" : "\(text("computed")) defined by now"
        return "\(difference["key"]?.string ?? ""): \(text("applied")) applied, \(other)"
    }

    private var facts: [(String, Cell)] {
        let machine = map["vm"]?.map ?? [:]
        var facts: [(String, Cell)] = []
        for name in ["kind", "certname", "state", "reason"] {
            guard let text = map[name]?.string else { continue }
            facts.append((name, name == "state" ? .state(text) : Cell(text)))
        }
        for name in ["hypervisor", "uuid", "domain"] {
            if let text = machine[name]?.string { facts.append((name, Cell(text))) }
        }
        if let reason = machine["unreachable"]?.string { facts.append(("unreachable", Cell(reason, .red))) }
        for (name, nic) in machine["nics"]?.map ?? [:] {
            let addresses = nic.map?["addresses"]?.list?.compactMap(\.string) ?? []
            let words = [nic.map?["mac"]?.string].compactMap { $0 } + addresses
            facts.append((name.text, Cell(words.joined(separator: "  "))))
        }
        for difference in map["differences"]?.maps ?? [] {
            let isDrift =
                difference["computed"] == nil && map["drift"]?.list?.contains(difference["key"] ?? .null) == true
            facts.append((isDrift ? "drift" : "pending", Cell(EntrySummary.line(difference, isDrift), .yellow)))
        }
        if let revision = map["revision"]?.integer { facts.append(("revision", Cell(String(revision)))) }
        return facts
    }
}
