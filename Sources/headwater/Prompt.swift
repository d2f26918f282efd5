import Foundation
import Glibc

/// Asks for what nobody is to see: on a terminal without showing what is typed, else a line of standard input.
enum Prompt {
    /// A secret, on one line.
    static func secret(_ question: String) throws(Failure) -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        if isTerminal { Terminal.write("\(question): ") }
        let line = isTerminal ? lineWithoutEcho() : readLine()
        if isTerminal { Terminal.write("\n") }
        guard let line, !line.contains(interrupt) else {
            guard isTerminal else { throw Failure("expected \"\(question)\" as a line of standard input") }
            throw Failure("given up", status: Failure.interrupted)
        }
        guard !line.isEmpty else { throw Failure("\(question): nothing was given") }
        return line
    }

    /// A new secret, asked for twice on a terminal.
    static func newSecret(_ question: String) throws(Failure) -> String {
        let secret = try secret(question)
        guard isatty(STDIN_FILENO) == 1 else { return secret }
        guard try Prompt.secret("\(question), once more") == secret else {
            throw Failure("the two are not the same; nothing was changed")
        }
        return secret
    }

    /// What Ctrl-C types.
    private static let interrupt: Character = "\u{3}"

    /// Meanwhile Ctrl-C ends the line instead of the program, which would leave the terminal without echo. A terminal gives
    /// a line at a time (termios(3), canonical mode).
    private static func lineWithoutEcho() -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        withUnsafeMutableBytes(of: &silent.c_cc) { $0[Int(VEOL)] = 3 }
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}
