/// Rows of cells in columns, each as wide as its widest cell.
struct Table {
    /// The names of the columns; empty for a table without a head.
    var header: [String] = []
    var rows: [[Cell]] = []

    private static let gap = "  "

    /// Draws the table.
    /// - Parameter width: how many characters a line may have; nil for any number.
    func text(width: Int?, hasColour: Bool) -> String {
        let all = (header.isEmpty ? [] : [header.map { Cell($0, .bold) }]) + rows
        var widths: [Int] = []
        for row in all {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.text.count)
            }
        }
        return all.map { line($0, widths, width, hasColour) }.joined(separator: "\n")
    }

    func text(_ terminal: Terminal) -> String {
        text(width: terminal.width, hasColour: terminal.hasColour)
    }

    private func line(_ row: [Cell], _ widths: [Int], _ width: Int?, _ hasColour: Bool) -> String {
        var line = ""
        var room = width ?? .max
        for (column, cell) in row.enumerated() {
            let isLast = row[(column + 1)...].allSatisfy(\.text.isEmpty)
            line += cell.fitted(to: min(isLast ? .max : widths[column], room), fills: !isLast, hasColour)
            room -= widths[column] + Table.gap.count
            guard !isLast, room > 1 else { break }
            line += Table.gap
        }
        return line
    }
}
