/// A tree of labels, as it is drawn.
struct Branch {
    var label: [Cell]
    var children: [Branch] = []

    /// Draws one line for each label, below the line of its parent.
    func lines(_ hasColour: Bool) -> [String] {
        var lines: [String] = []
        draw(first: "", rest: "", hasColour, &lines)
        return lines
    }

    private func draw(first: String, rest: String, _ hasColour: Bool, _ lines: inout [String]) {
        lines.append(first + label.map { $0.style.apply($0.text, hasColour) }.joined(separator: "  "))
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            child.draw(
                first: rest + (isLast ? "└── " : "├── "), rest: rest + (isLast ? "    " : "│   "), hasColour, &lines)
        }
    }
}
