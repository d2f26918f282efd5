/// An operation as people read it.
struct OperationSummary {
    let operation: Operation
    /// Those that it is made of and that are not done, newest first.
    let parts: [Operation]

    func text(_ terminal: Terminal) -> String {
        var facts: [(String, Cell)] = [
            ("state", .state(operation.state)), ("done", Cell("\(operation.done) of \(operation.total)")),
            ("by", Cell(operation.principal)), ("created", Cell(operation.created)),
        ]
        if let ended = operation.ended { facts.append(("ended", Cell(ended))) }
        if let error = operation.error { facts.append(("error", Cell(error, .red))) }
        var lines = [Style.bold.apply("\(operation.id): \(operation.title)", terminal.hasColour)]
        lines.append(Table(rows: facts.map { [Cell("  " + $0.0, .dim), $0.1] }).text(terminal))
        if !operation.steps.isEmpty {
            lines.append(
                Table(rows: operation.steps.map { [Cell("  " + $0.time, .dim), Cell($0.text)] }).text(terminal))
        }
        if !parts.isEmpty {
            let rows = parts.reversed().map { [Cell("  " + $0.path), .state($0.state), Cell($0.note)] }
            lines.append(Table(rows: rows).text(terminal))
        }
        return lines.joined(separator: "\n")
    }
}
