import ArgumentParser
import OrderedCollections
import Tree

struct UnmanagedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmanaged", abstract: "List the VMs on hypervisors that no descriptor owns.",
        discussion: """
            EXAMPLES
              headwater unmanaged
              headwater adopt /courses/so/old-web --hypervisor lab --uuid 6695eb01-f6a4-8304-79aa-97f2502e193f
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.client().get(Address(["v1", "unmanaged"]))
        for silent in answer.map["unreachable"]?.maps ?? [] {
            Terminal.say(
                "hypervisor \(silent["hypervisor"]?.string ?? "") does not answer: \(silent["reason"]?.string ?? "")")
        }
        output.show(answer.value) {
            let rows = (answer.map["machines"]?.maps ?? []).map { machine in
                [
                    Cell(machine["domain"]?.string ?? ""), Cell(machine["hypervisor"]?.string ?? ""),
                    Cell(machine["power"]?.string ?? ""), Cell(String(machine["cpus"]?.integer ?? 0)),
                    Cell(machine["memory"].flatMap { Size($0) }?.description ?? ""),
                    Cell(machine["uuid"]?.string ?? ""),
                ]
            }
            return Table(header: ["NAME", "HYPERVISOR", "POWER", "CPUS", "MEMORY", "UUID"], rows: rows).text(.output)
        }
    }
}
