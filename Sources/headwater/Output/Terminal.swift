import Foundation

/// What the program's output leads to.
struct Terminal {
    /// Whether people watch, so that lines may be redrawn.
    let isInteractive: Bool
    let hasColour: Bool
    /// In characters; nil if nobody's lines break.
    let width: Int?

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let errors = Terminal(descriptor: STDERR_FILENO)

    init(isInteractive: Bool, hasColour: Bool, width: Int?) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.width = width
    }

    private init(descriptor: Int32) {
        isInteractive = isatty(descriptor) == 1
        let environment = ProcessInfo.processInfo.environment
        // https://no-color.org
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        hasColour = isInteractive && !isPlain
        var size = winsize()
        let isKnown = isInteractive && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = isKnown ? Int(size.ws_col) : nil
    }

    /// Writes lines to standard error.
    static func say(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n")
    }

    /// Writes to standard error as it is.
    static func write(_ text: String) {
        // What was printed before is to be read before, wherever both lead.
        fflush(nil)
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Whether somebody is there to be asked: reads what is said, and can answer.
    static var canAsk: Bool { errors.isInteractive && isatty(STDIN_FILENO) == 1 }

    /// Asks, on standard error; nothing but a yes is one.
    static func confirms(_ question: String) -> Bool {
        write("\(question) [y/N] ")
        guard let answer = readLine() else {
            write("\n")
            return false
        }
        return ["y", "yes"].contains(answer.trimmingCharacters(in: .whitespaces).lowercased())
    }

    /// A text without what could steer a terminal.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += isControl($1) ? $1.escaped(asASCII: true) : String($1) }
    }

    /// Whether a character ends or moves a line, or turns the order of those behind it.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
