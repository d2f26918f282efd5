import ArgumentParser
import OrderedCollections
import Tree

struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Say how to get at a running VM's screen and serial line.",
        discussion: """
            A screen on the loopback of another host is reached through the tunnel that is printed with it.

            EXAMPLES
              headwater console /courses/so/alice/web
              headwater console /courses/so/alice/web -o json
            """)

    @Argument(help: "A machine that runs.", transform: { try Path($0) })
    var path: Path

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.client().get(.tree(path, verb: "console"))
        let consoles = answer.map["consoles"]?.maps ?? []
        output.show(answer.value) {
            consoles.map { ConsoleCommand.lines($0).joined(separator: "\n") }.joined(separator: "\n")
        }
    }

    /// `vnc     vnc://127.0.0.1:5900`, and under it what else there is to know.
    private static func lines(_ console: Map) -> [String] {
        let kind = console["kind"]?.string ?? ""
        let indent = String(repeating: " ", count: 8)
        let places = ["url", "socket", "terminal"].compactMap { console[$0]?.string }
        let ways = [
            console["tunnel"]?.string.map { "first: \($0)" }, console["command"]?.string.map { "or: \($0)" },
        ]
        return (places + ways.compactMap { $0 }).enumerated().map { index, text in
            (index == 0 ? kind.padded(to: indent.count) : indent) + Terminal.printable(text)
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - count))
    }
}
