import ArgumentParser
import OrderedCollections
import Tree

struct ImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "List the images that disks are made of, and the machines that lean on them.",
        discussion: """
            An image is there or missing on each hypervisor that uses it; a machine leans on it when one of its disks is \
            an overlay, which holds only the differences.

            EXAMPLES
              headwater images
              headwater images debian-12
            """)

    @Argument(help: ArgumentHelp("Only the images of this name, with their machines.", valueName: "name"))
    var name: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let answer = try await server.client().get(Address(["v1", "images"]))
        let all = answer.map["images"]?.maps ?? []
        let images = all.filter { name == nil || $0["name"]?.string == name }
        if let name, images.isEmpty {
            throw Failure("no image is named \"\(name)\"", hint: "headwater images lists them")
        }
        output.show(["images": .list(images.map(Value.map))]) {
            let table = Table(
                header: ["NAME", "FOLDER", "PLACE", "HYPERVISOR", "THERE", "SIZE", "MACHINES"],
                rows: images.flatMap(ImagesCommand.rows)
            ).text(.output)
            guard name != nil else { return table }
            let details = images.flatMap(ImagesCommand.reasons) + images.flatMap(ImagesCommand.machines)
            return ([table] + details.map(Terminal.printable)).joined(separator: "\n")
        }
    }

    /// A row for each hypervisor that the image may be on.
    private static func rows(_ image: Map) -> [[Cell]] {
        let volume = [image["pool"]?.string, image["volume"]?.string].compactMap { $0 }.joined(separator: "/")
        let head = [
            Cell(image["name"]?.string ?? ""), Cell(image["folder"]?.string ?? "(no folder any more)"),
            Cell(image["file"]?.string ?? volume),
        ]
        let machines = Cell(String(image["machines"]?.list?.count ?? 0))
        let places = image["places"]?.maps ?? []
        guard !places.isEmpty else { return [head + ["", "", "", machines]] }
        return places.map { place in
            let size = place["capacity"].flatMap { Size($0) } ?? image["size"].flatMap { Size($0) }
            return head + [
                Cell(place["hypervisor"]?.string ?? ""), there(place), Cell(size?.description ?? ""), machines,
            ]
        }
    }

    private static func reasons(_ image: Map) -> [String] {
        (image["places"]?.maps ?? []).compactMap { place in
            place["reason"]?.string.map { "\(place["hypervisor"]?.string ?? ""): \($0)" }
        }
    }

    private static func machines(_ image: Map) -> [String] {
        image["machines"]?.texts ?? []
    }

    private static func there(_ place: Map) -> Cell {
        switch place["there"] {
        case true: Cell("yes", .green)
        case false: Cell("no", .red)
        default: Cell("not known", .yellow)
        }
    }
}
