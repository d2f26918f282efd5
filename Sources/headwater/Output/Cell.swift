/// A text and how it stands out.
struct Cell: ExpressibleByStringLiteral {
    let text: String
    let style: Style

    init(_ text: String, _ style: Style = .plain) {
        self.text = Terminal.printable(text)
        self.style = style
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    /// A state in its colour.
    static func state(_ state: String) -> Cell {
        Cell(state, Style(state: state))
    }

    /// The cell in so many characters: filled with blanks, or cut with an ellipsis.
    func fitted(to width: Int, fills: Bool, _ hasColour: Bool) -> String {
        let count = text.count
        if count > width { return style.apply(text.prefix(max(0, width - 1)) + "…", hasColour) }
        return style.apply(text, hasColour) + (fills ? String(repeating: " ", count: width - count) : "")
    }
}
