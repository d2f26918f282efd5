import ArgumentParser
import Tree

/// Whether VMs are destroyed without asking, and the asking.
struct DestructionOptions: ParsableArguments {
    @Flag(name: [.customShort("y"), .customLong("yes")], help: "Do not ask.")
    var isSure = false

    /// On a terminal, asks before VMs below folders are destroyed; a machine that is named itself is meant.
    ///
    /// - Parameter consequence: what becomes of the disks.
    func confirm(_ verb: String, _ work: WorkOptions, _ consequence: String) async throws(Failure) {
        guard !isSure, Terminal.canAsk else { return }
        let client = try work.server.client()
        var folders: [Path] = []
        var count = 0
        for path in work.paths {
            let entry = Listing(map: try await client.get(.tree(.entry(path), ["fields": "kind"])).map)
            guard entry.isFolder else { continue }
            let entries = try await client.list(below: path, selector: work.selector, fields: ["kind", "state"])
            folders.append(path)
            count += entries.map(Listing.init).count { !$0.isFolder && $0.state != "provisioned" }
        }
        guard count > 0 else { return }
        let places = folders.map { "\($0)" }.joined(separator: ", ")
        Terminal.say("\(verb) \(count == 1 ? "1 VM" : "\(count) VMs") below \(places); \(consequence)")
        guard Terminal.confirms("go ahead?") else { throw Failure("nothing was done") }
    }
}
