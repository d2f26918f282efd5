import OrderedCollections
import Tree

/// Something that happened, in one line.
struct EventSummary {
    private let name: String
    private let map: Map

    init(_ event: Event) {
        name = event.name
        map = event.map
    }

    func text(_ terminal: Terminal) -> String {
        let cells = [Cell(time, .dim)] + words
        return cells.filter { !$0.text.isEmpty }.map { $0.style.apply($0.text, terminal.hasColour) }
            .joined(separator: "  ")
    }

    private var words: [Cell] {
        switch name {
        case "revision":
            [
                Cell("r\(map["number"]?.integer ?? 0)", .yellow), Cell(string("principal")), Cell(changes),
                Cell(string("message"), .dim),
            ]
        case "state":
            [
                Cell(string("path"), .bold), .state(string("state")),
                Cell(map["was"]?.string.map { "was \($0)" } ?? power, .dim), Cell(string("reason"), .red),
                Cell(map["vm"]?.map?["unreachable"]?.string.map { "unreachable: \($0)" } ?? "", .red),
                Cell(drift, .yellow),
            ]
        case "operation":
            [
                Cell("operation \(operation.id)", .blue), Cell(operation.title), .state(operation.state),
                Cell(operation.total > 1 ? "\(operation.done) of \(operation.total)" : ""),
                Cell(operation.hasEnded ? "" : operation.steps.last?.text ?? "", .dim),
                Cell(operation.error ?? "", .red),
            ]
        default:
            [Cell(name, .yellow), Cell(string("detail"))]
        }
    }

    private var operation: Operation { Operation(map: map) }

    private func string(_ key: String) -> String { map[key]?.string ?? "" }

    /// In UTC; empty where the server tells none.
    private var time: String {
        let text = map["time"]?.string ?? operation.ended ?? operation.steps.last?.time ?? map["started"]?.string
        return RevisionSummary.time(text ?? operation.created)
    }

    /// `changed /so, moved /so/a → /ai/a and 7 more`.
    private var changes: String {
        let changes = map["changes"]?.maps ?? []
        let told = changes.prefix(3).map { change in
            let places = [change["from"]?.string, change["path"]?.string].compactMap { $0 }
            return "\(change["change"]?.string ?? "") \(places.joined(separator: " → "))"
        }
        let more = (map["entries"]?.integer ?? changes.count) - told.count
        return told.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    /// What is known of the VM, for a state that is as it was: `its VM is off`.
    private var power: String { map["vm"]?.map?["power"]?.string.map { "its VM is \($0)" } ?? "" }

    private var drift: String {
        let keys = map["drift"]?.texts ?? []
        return keys.isEmpty ? "" : "drift: \(keys.joined(separator: ", "))"
    }
}
