/// A tree of labels, as it is drawn.
struct Branch {
    var label: [Cell]
    var children: [Branch] = []

    /// Draws one line for each label, below the line of its parent.
    /// - Parameter isUnicode: whether there are characters for lines; else those of ASCII stand for them.
    func lines(_ hasColour: Bool, isUnicode: Bool = true) -> [String] {
        var lines: [String] = []
        draw(first: "", rest: "", isUnicode ? Self.lines : Self.plainLines, hasColour, &lines)
        return lines
    }

    private typealias Strokes = (fork: String, corner: String, upright: String)

    private static let lines: Strokes = ("├── ", "└── ", "│   ")
    private static let plainLines: Strokes = ("|-- ", "`-- ", "|   ")

    private func draw(
        first: String, rest: String, _ strokes: Strokes, _ hasColour: Bool, _ lines: inout [String]
    ) {
        lines.append(first + label.map { $0.style.apply($0.text, hasColour) }.joined(separator: "  "))
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            child.draw(
                first: rest + (isLast ? strokes.corner : strokes.fork),
                rest: rest + (isLast ? "    " : strokes.upright),
                strokes, hasColour, &lines)
        }
    }
}
