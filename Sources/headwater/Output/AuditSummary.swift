import OrderedCollections
import Tree

/// A row of the audit log as people read it.
enum AuditSummary {
    static func row(_ entry: Map) -> [Cell] {
        let key = entry["key"]?.string
        let who = entry["principal"]?.string ?? "somebody"
        let what = [entry["action"]?.string, entry["path"]?.string, entry["subject"]?.string].compactMap { $0 }
        return [
            Cell(String(entry["number"]?.integer ?? 0), .yellow),
            Cell(entry["time"]?.string.map { RevisionSummary.time($0) } ?? "", .dim),
            Cell(key.map { "\(who) (\($0))" } ?? who), Cell(entry["address"]?.string ?? ""),
            Cell(what.joined(separator: " ")), result(entry),
        ]
    }

    /// `done: r41, operation 7`, `refused: 403`.
    private static func result(_ entry: Map) -> Cell {
        let times = entry["times"]?.integer.map { ", \($0) times" } ?? ""
        guard entry["result"] == "done" else {
            return Cell("refused" + (entry["status"]?.integer.map { ": \($0)" } ?? "") + times, .red)
        }
        let made = [
            entry["revision"]?.integer.map { "r\($0)" }, entry["operation"]?.integer.map { "operation \($0)" },
        ].compactMap { $0 }
        return Cell("done" + (made.isEmpty ? "" : ": " + made.joined(separator: ", ")) + times, .green)
    }
}
