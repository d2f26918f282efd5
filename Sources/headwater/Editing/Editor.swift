import Foundation
import Glibc

/// The editor of whoever sits at the terminal, as git and crontab find it.
struct Editor {
    /// A command for the shell.
    private let command: String

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(Failure) {
        let named = ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let named else {
            throw Failure(
                "no editor is named", hint: "set VISUAL or EDITOR, for example: EDITOR=nano headwater edit …",
                status: Failure.usage)
        }
        command = named
    }

    /// Opens a file and waits until the editor has ended.
    ///
    /// By system(3): the editor shares the terminal, which a child in a process group of its own could not read, and
    /// Ctrl-C is the editor's.
    func open(_ file: String) throws(Failure) {
        let quoted = "'" + file.replacingOccurrences(of: "'", with: "'\\''") + "'"
        let status = system("\(command) \(quoted)")
        guard status == 0 else { throw Failure("the editor failed: \(command)") }
    }
}
