import Foundation
import Glibc

/// Asks for what nobody is to see: on a terminal without showing what is typed, else a line of standard input.
enum Prompt {
    /// A secret, on one line.
    static func secret(_ question: String) throws(Failure) -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        if isTerminal { Terminal.write("\(question): ") }
        let bytes = isTerminal ? lineWithoutEcho() : line()
        if isTerminal { Terminal.write("\n") }
        guard let bytes, !bytes.contains(interrupt) else {
            guard isTerminal else { throw Failure("expected \"\(question)\" as a line of standard input") }
            throw Failure("given up", status: Failure.interrupted)
        }
        guard !bytes.isEmpty else { throw Failure("\(question): nothing was given") }
        // Which byte is wrong is not told, for it is part of a secret.
        guard let secret = String(validating: bytes, as: UTF8.self) else {
            throw Failure(
                "\(question): what was given is not valid UTF-8; expected text in UTF-8",
                hint: isTerminal ? "the terminal writes another encoding; set it to UTF-8" : nil)
        }
        return secret
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
    private static let interrupt: UInt8 = 3

    private static let lineFeed = UInt8(ascii: "\n")

    /// Byte by byte: what follows the line stays for whoever reads next.
    private static func line() -> [UInt8]? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            switch read(STDIN_FILENO, &byte, 1) {
            case 1 where byte == lineFeed: return bytes.last == UInt8(ascii: "\r") ? Array(bytes.dropLast()) : bytes
            case 1: bytes.append(byte)
            case -1 where errno == EINTR: continue
            default: return bytes.isEmpty ? nil : bytes
            }
        }
    }

    /// Meanwhile Ctrl-C ends the line instead of the program, which would leave the terminal without echo. A terminal gives
    /// a line at a time (termios(3), canonical mode).
    private static func lineWithoutEcho() -> [UInt8]? {
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
        return Array(bytes[..<count].prefix { $0 != lineFeed })
    }
}
