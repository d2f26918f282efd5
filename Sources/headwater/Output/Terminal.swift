import Foundation
import Glibc

/// What the program's output leads to.
struct Terminal {
    /// Whether people watch, so that lines may be redrawn.
    let isInteractive: Bool
    let hasColour: Bool
    /// In characters; nil if nobody's lines break.
    let width: Int?
    /// Whether the locale has lines to draw with.
    let hasUnicode: Bool

    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let errors = Terminal(descriptor: STDERR_FILENO)

    init(isInteractive: Bool, hasColour: Bool, width: Int?, hasUnicode: Bool = true) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.width = width
        self.hasUnicode = hasUnicode
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
        hasUnicode = Self.isUnicode(environment)
    }

    /// Whether the locale's characters are those of Unicode (POSIX, Base Definitions §8.2: the first that is set counts).
    static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
        return ["utf-8", "utf8"].contains { locale.lowercased().contains($0) }
    }

    /// Writes lines to standard output. Ends the program if they cannot be written: half a document is a failure.
    static func print(_ text: String) {
        let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                say(Failure("standard output: \(String(cString: strerror(errno)))").text)
                exit(Failure.refused)
            }
        }
    }

    /// A document as it is shown here: where people watch, without what could steer the terminal.
    func shown(_ text: String) -> String {
        guard isInteractive else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.printable(String($0)) }
            .joined(separator: "\n")
    }

    /// Writes lines to standard error.
    static func say(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n")
    }

    /// Writes to standard error as it is.
    static func write(_ text: String) {
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

    /// A text without what could steer a terminal, or make it read otherwise than it is written.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += isControl($1) ? $1.escaped(asASCII: true) : String($1) }
    }

    /// Whether a character ends or moves a line, or turns the order of those behind it.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // What joins emoji, and letters of some scripts, does neither.
        guard scalar != "\u{200C}", scalar != "\u{200D}" else { return false }
        return [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
