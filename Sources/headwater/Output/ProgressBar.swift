/// One line that shows how far something is.
struct ProgressBar {
    /// What is done.
    var label: String
    var done: Int
    var total: Int
    /// What happens at the moment.
    var step = ""

    private static let longest = 30

    /// Draws the line, within so many characters.
    func line(width: Int, hasColour: Bool) -> String {
        let share = total > 0 ? Double(min(max(done, 0), total)) / Double(total) : 0
        let size = min(ProgressBar.longest, max(0, width - label.count - 20))
        let filled = Int(share * Double(size))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: size - filled)
        var line = Terminal.printable("\(label)  ")
        let counts = "  \(done)/\(total)"
        let room = width - line.count - size - counts.count - 3
        line += Style.green.apply(bar, hasColour) + counts
        if room > 3, !step.isEmpty { line += "  " + Cell(step).fitted(to: room, fills: false, false) }
        return line
    }
}
