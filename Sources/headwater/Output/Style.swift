/// How a text stands out on a terminal.
enum Style: String {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"

    /// The style of a machine's or an operation's state.
    init(state: String) {
        switch state {
        case "running", "done": self = .green
        case "failed": self = .red
        case "starting", "stopping", "paused", "queued", "cancelled": self = .yellow
        case "provisioned": self = .dim
        default: self = .plain
        }
    }

    /// The text between the sequences of ECMA-48 §8.3.117 that begin and end the style.
    func apply(_ text: String, _ hasColour: Bool) -> String {
        hasColour && self != .plain && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
