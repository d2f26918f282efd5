import OrderedCollections
import Tree

/// A computed definition as YAML, with who gave each line beside it.
struct BlameSummary {
    private let map: Map

    init(_ map: Map) {
        self.map = map
    }

    func text(_ terminal: Terminal) -> String {
        var rows: [[Cell]] = []
        var open: [Key] = []
        for value in map["values"]?.maps ?? [] {
            guard let served = value["value"], let text = value["key"]?.string, let key = try? DottedPath(text) else {
                continue
            }
            let shared = zip(open, key.keys).prefix { $0 == $1 }.count
            for depth in min(shared, key.keys.count - 1)..<key.keys.count {
                let isLast = depth == key.keys.count - 1
                let name = String(repeating: "  ", count: depth) + DottedPath(keys: [key.keys[depth]]).description
                rows.append(
                    isLast
                        ? since(value) + [Cell(name + ": " + served.line)]
                        : ["", "", "", "", Cell(name + ":")])
            }
            open = key.keys.dropLast()
        }
        return Table(rows: rows).text(terminal)
    }

    /// Revision, person, day and level.
    private func since(_ value: Map) -> [Cell] {
        let since = value["since"]?.map ?? [:]
        let sign = since["earlier"] == nil ? "r" : "≤r"
        return [
            Cell(since["revision"]?.integer.map { "\(sign)\($0)" } ?? "", .yellow),
            Cell(since["principal"]?.string ?? ""),
            Cell(since["time"]?.string.map { String($0.prefix(10)) } ?? "", .dim),
            Cell(value["from"]?.string ?? "", .blue),
        ]
    }
}
