// headwater: the client program.
//
// Each command asks a headwaterd over HTTP and prints what it answers, as a table for people or as JSON or YAML for
// programs. It decides nothing that the server decides: what is refused there is shown with the server's own words.
//
// Imports: Tree and Formats for paths, values and files; no module of the server.
// Errors: a `Failure` says what was refused or failed and what helps. Exit status 0 done, 1 refused or failed, 2 usage,
// 130 interrupted; of what only tells of changes, 0 none, 2 some, 1 anything else.
// Concurrency: one command, one request after the other.
// Not for: what a definition means; the server checks it.

import ArgumentParser
import Foundation
import Tree

@main
struct Headwater: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "headwater",
        abstract: "One tree of machines: their definitions, their data for Puppet, Ansible and Salt, and their VMs.",
        discussion: """
            EXAMPLES
              headwater plan fixtures/faculty --to /      what would these definitions change?
              headwater apply fixtures/faculty --to /     write them to the tree
              headwater tree /courses                     draw it, with states
              headwater set /courses/so vars.ntp=ntp.lab  change what all below inherit
              headwater computed /courses/so/alice/web    what a machine inherits
              headwater start /courses/so                 start a folder's machines

            WHERE THE SERVER IS
              --url, HEADWATER_URL, url= in ~/.config/headwater/config; else
              http://127.0.0.1:8470.

            WHERE THE TOKEN IS
              --token-file, HEADWATER_TOKEN, headwater login, token= in that file; for
              a server on this machine .state/admin.token, /var/lib/headwater/admin.token.

            EXIT STATUS
              0 done, 1 refused or failed, 2 wrong usage, 130 interrupted. Of plan, diff
              and --dry-run: 0 no change, 2 a change, 1 anything else, wrong usage too.

            COMPLETION
              headwater --generate-completion-script bash (or zsh, fish)
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Reading",
                subcommands: [
                    ListCommand.self, TreeCommand.self, GetCommand.self, ComputedCommand.self, ExplainCommand.self,
                    HistoryCommand.self, DiffCommand.self, AccessCommand.self,
                ]),
            CommandGroup(
                name: "Writing",
                subcommands: [
                    NewCommand.self, PlanCommand.self, ApplyCommand.self, ExportCommand.self, SetCommand.self,
                    EditCommand.self,
                    CopyCommand.self, MoveCommand.self, RemoveCommand.self, RevertCommand.self,
                ]),
            CommandGroup(
                name: "Machine",
                subcommands: [
                    CreateCommand.self, StartCommand.self, StopCommand.self, DestroyCommand.self, PowerOffCommand.self,
                    RebootCommand.self, ResetCommand.self, PauseCommand.self, ResumeCommand.self, RebuildCommand.self,
                    ReconcileCommand.self, ConsoleCommand.self, ImagesCommand.self, UnmanagedCommand.self,
                    AdoptCommand.self, ReleaseCommand.self, OperationsCommand.self, EventsCommand.self,
                ]),
            CommandGroup(
                name: "Tool data",
                subcommands: [ENCCommand.self, HieraCommand.self, InventoryCommand.self, PillarCommand.self]),
            CommandGroup(
                name: "People",
                subcommands: [
                    LoginCommand.self, LogoutCommand.self, WhoAmICommand.self, UsersCommand.self, GroupsCommand.self,
                    TokensCommand.self, AuditCommand.self,
                ]),
        ])

    static func main() async {
        do {
            try Arguments.check()
            try checkCommand(CommandLine.arguments.dropFirst().first)
            try checkOrder(Array(CommandLine.arguments.dropFirst()))
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Terminal.say(failure.text)
            Foundation.exit(status(failure.status))
        } catch let error as PathError {
            Terminal.say(Failure("\(error)").text)
            Foundation.exit(status(Failure.usage))
        } catch let code as ExitCode {
            Foundation.exit(code.rawValue)
        } catch {
            guard exitCode(for: error) != .success else {
                Terminal.print(fullMessage(for: error))
                return
            }
            Terminal.say(fullMessage(for: error))
            Foundation.exit(status(exitCode(for: error) == .validationFailure ? Failure.usage : Failure.refused))
        }
    }

    /// What others call some commands.
    private static let otherNames = [
        "add": "new", "cat": "get", "copy": "cp", "del": "rm", "delete": "rm", "dir": "ls", "get-all": "ls",
        "list": "ls",
        "log": "history", "logs": "events", "move": "mv", "operations": "ops", "remove": "rm", "rename": "mv",
        "shell": "console", "ps": "ops", "show": "get", "status": "get", "shutdown": "stop", "undo": "revert",
        "unset": "set",
        "up": "start", "update": "set", "version": "--version", "view": "get",
    ]

    /// Refuses a command that there is none of, with the one that may be meant.
    static func checkCommand(_ name: String?) throws(Failure) {
        guard let name, !name.hasPrefix("-"), name != "help", !known.contains(name) else { return }
        let meant = otherNames[name] ?? Spelling.nearest(to: name, among: known)
        throw Failure(
            "no command is called \"\(name)\"\(meant.map { "; did you mean \($0)?" } ?? "")",
            hint: meant == nil ? "headwater --help lists them" : nil, status: Failure.usage)
    }

    private static var known: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

    /// Refuses options before the command, with the order that is right.
    static func checkOrder(_ words: [String]) throws(Failure) {
        guard let option = words.first, option.hasPrefix("-"), !["-h", "--help", "--version"].contains(option),
            let place = words.firstIndex(where: known.contains)
        else { return }
        let ordered = [words[place]] + words[(place + 1)...] + words[..<place]
        throw Failure(
            "\(option): options stand behind the command", hint: "headwater \(ordered.joined(separator: " "))",
            status: Failure.usage)
    }

    /// The exit status of a failure. Where 2 says that something changes, wrong usage must not say so.
    private static func status(_ status: Int32) -> Int32 {
        let arguments = CommandLine.arguments.dropFirst()
        let onlyTells = ["plan", "diff"].contains(arguments.first) || arguments.contains("--dry-run")
        return onlyTells && status == Failure.usage ? Failure.refused : status
    }
}
