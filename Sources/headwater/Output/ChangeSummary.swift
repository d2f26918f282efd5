import OrderedCollections
import Tree

/// What happens to an entry, as people read it: a line, and one or two for each key.
struct ChangeSummary {
    private let map: Map

    init(_ map: Map) {
        self.map = map
    }

    func lines(_ hasColour: Bool) -> [String] {
        let word = map["change"]?.string ?? ""
        let place = [map["from"]?.string, map["path"]?.string].compactMap { $0 }.joined(separator: " → ")
        return [Style(change: word).apply(word, hasColour) + " " + Terminal.printable(place)]
            + Self.lines(map["differences"]?.maps ?? [], hasColour)
    }

    /// What is different, the old before the new.
    static func lines(_ differences: [Map], _ hasColour: Bool) -> [String] {
        differences.flatMap { difference in
            let key = difference["key"]?.string ?? ""
            if difference["order"] == true {
                let place = key.isEmpty ? "the keys" : "the keys of \(key)"
                return [Style.yellow.apply(Terminal.printable("    ~ \(place) stand in another order"), hasColour)]
            }
            let before = difference["before"].map { ("- ", $0, Style.red) }
            let after = difference["after"].map { ("+ ", $0, Style.green) }
            return [before, after].compactMap { $0 }.map { sign, value, style in
                style.apply(Terminal.printable("    \(sign)\(key): \(value.line)"), hasColour)
            }
        }
    }
}

extension Style {
    /// The style of what happens to an entry or a machine.
    init(change: String) {
        switch change {
        case "created": self = .green
        case "removed", "destroyed": self = .red
        default: self = .yellow
        }
    }
}
