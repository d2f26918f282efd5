import ArgumentParser
import Tree

/// From where to where something is copied or moved.
struct TransferOptions: ParsableArguments {
    @Argument(help: "A machine or a folder.", transform: { try Path($0) })
    var from: Path

    @Argument(help: "A folder, or the new path.", transform: { try Path($0) })
    var to: Path

    /// Where it comes to stand: in `to` if that is a folder, as cp and mv do with files.
    func destination(_ client: Client) async throws(Failure) -> Path {
        do {
            let found = Listing(map: try await client.get(.tree(.entry(to), ["fields": "kind"])).map)
            return found.isFolder ? try into(from.name) : to
        } catch {
            guard error.answered == 404 else { throw error }
            return to
        }
    }

    private func into(_ name: String) throws(Failure) -> Path {
        do {
            return try to.appending(name)
        } catch {
            throw Failure("\(error)", status: Failure.usage)
        }
    }
}
