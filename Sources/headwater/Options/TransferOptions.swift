import ArgumentParser
import Tree

/// From where to where something is copied or moved.
struct TransferOptions: ParsableArguments {
    @Argument(help: "A machine or a folder.", transform: { try Path($0) })
    var from: Path

    @Argument(help: "A folder, or the new path.", transform: { try Path($0) })
    var to: Path

    /// Does it, into `to` if that is a folder, as cp and mv do with files.
    func run(_ verb: String, _ write: WriteOptions, _ client: Client) async throws(Failure) -> (Answer, Path) {
        var destination = to
        do {
            let found = Listing(map: try await client.get(.tree(.entry(to))).map)
            if found.isFolder { destination = try into(from.name) }
        } catch {
            guard error.answered == 404 else { throw error }
        }
        let body: Value = ["to": .string("\(destination)")]
        return (try await client.send(.post, .tree(from, verb: verb, write.query), body), destination)
    }

    private func into(_ name: String) throws(Failure) -> Path {
        do {
            return try to.appending(name)
        } catch {
            throw Failure("\(error)", status: Failure.usage)
        }
    }
}
