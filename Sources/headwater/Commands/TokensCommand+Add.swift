import ArgumentParser
import OrderedCollections
import Tree

extension TokensCommand {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token. It alone goes to standard output, this once.",
            discussion: """
                EXAMPLES
                  headwater tokens add --reader --folder /courses/so --note puppet
                  headwater tokens add --certname web.so.lab.example --days 90
                  headwater tokens add --rights view,start,stop --folder /courses/so
                """)

        @Flag(help: "To read only, as Puppet, Ansible and Salt do: the same as --rights view.")
        var reader = false

        @Option(help: ArgumentHelp("Only these rights.", valueName: "right,right"))
        var rights: String?

        @Option(
            help: ArgumentHelp("Only this folder and what is below.", valueName: "path"), transform: { try Path($0) })
        var folder: Path?

        @Option(help: ArgumentHelp("Only the documents of this machine.", valueName: "certname"))
        var certname: String?

        @Option(help: ArgumentHelp("For this user instead of you.", valueName: "user"))
        var owner: String?

        @Option(help: ArgumentHelp("After how many days it ends. Default: never.", valueName: "number"))
        var days: Int?

        @Option(help: ArgumentHelp("What it is for.", valueName: "text"))
        var note: String?

        @OptionGroup var output: OutputOptions
        @OptionGroup var server: ServerOptions

        func validate() throws {
            if reader, rights != nil { throw ValidationError("expected --reader or --rights, not both") }
            if let days, !(1...36_500).contains(days) { throw ValidationError("--days \(days): expected 1 to 36500") }
        }

        func run() async throws {
            let client = try server.client()
            let names = reader ? ["view"] : rights?.split(separator: ",").map(String.init)
            var body: Map = [:]
            body["owner"] = owner.map(Value.string)
            body["note"] = note.map(Value.string)
            body["folder"] = folder.map { .string("\($0)") }
            body["certname"] = certname.map(Value.string)
            body["rights"] = names.map { .list($0.map(Value.string)) }
            body["expires"] = days.map { .string(Time.text(inDays: $0)) }
            let answer = try await client.send(.post, Address(["v1", "tokens"]), .map(body))
            output.show(answer.value) { answer.map["token"]?.string ?? "" }
            if output.format == .table { Terminal.say(Add.line(answer.map)) }
        }

        /// `token 7 of ana, bound to /courses/so: view, until 2026-12-01 09:30; it is not shown again`.
        private static func line(_ token: Map) -> String {
            let bounds = TokensCommand.bounds(token)
            let end = Time.shown(token["expires"])
            return "token \(token["id"]?.integer ?? 0) of \(token["owner"]?.string ?? "")"
                + (bounds.isEmpty ? "" : ", bound to \(bounds)") + (end.isEmpty ? "" : ", until \(end)")
                + "; it is not shown again"
        }
    }
}
