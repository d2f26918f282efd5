import Formats
import OrderedCollections
import Tree

/// A directory that was exported from the tree, on its way back there.
struct Merging {
    let directory: String
    private let origin: FolderForm.Origin

    /// Nil if the directory was not exported, or from elsewhere, which is said.
    init?(_ directory: String, to path: Path, _ client: Client) async throws(Failure) {
        guard
            let origin = try Failure.wrapping({ () throws(FolderFormError) in
                try FolderForm.Origin.read(in: directory)
            })
        else { return nil }
        let note = "note: \(directory) was exported from"
        guard origin.path == path else {
            Terminal.say("\(note) \(origin.path), not \(path): what came there since is not merged")
            return nil
        }
        guard try await client.time(of: origin.revision) == origin.time else {
            Terminal.say("\(note) another server, or another history of this one: what came since is not merged")
            return nil
        }
        self.directory = directory
        self.origin = origin
    }

    /// The revision that the directory was taken from.
    var base: Int { origin.revision }

    /// Brings the directory up to what the tree has now: `merged` is what others changed.
    /// - Returns: what was done to which file.
    func finish(_ merged: [Map], _ revision: Int, _ client: Client) async throws(Failure) -> [String] {
        var changed: [String] = []
        var items: [FolderForm.Item] = []
        for map in merged {
            let item = try FolderForm.Item(entry: map)
            guard map["removed"]?.bool != true else {
                changed += try Failure.wrapping { () throws(FolderFormError) in
                    try FolderForm.remove(item.path, item.kind, below: origin.path, from: directory)
                }.map { "removed \($0)" }
                continue
            }
            items.append(item)
        }
        let written = items
        changed += try Failure.wrapping { () throws(FolderFormError) in
            try FolderForm.write(written, below: origin.path, to: directory).written
        }.map { "wrote \($0)" }
        // Last: if this is broken off before, the next apply merges again, and finds both sides alike.
        try await Merging.note(origin.path, revision, in: directory, client)
        return changed
    }

    /// What can be done if the server does not know any more what the directory was taken from.
    func hinted(_ failure: Failure) -> Failure {
        guard failure.answered == 410 else { return failure }
        var failure = failure
        failure.hint =
            "export to another directory and carry your changes over, or remove \(directory)/\(FolderForm.Origin.file) to "
            + "write what the directory says, whatever came since"
        return failure
    }

    /// Writes down where a directory comes from.
    static func note(_ path: Path, _ revision: Int, in directory: String, _ client: Client) async throws(Failure) {
        guard let time = try await client.time(of: revision) else {
            return Terminal.say("note: the history is not shown to you: what comes to \(path) cannot be merged later")
        }
        let origin = FolderForm.Origin(path: path, revision: revision, time: time)
        try Failure.wrapping { () throws(FolderFormError) in try origin.write(in: directory) }
    }
}

extension Client {
    /// When a revision was made, as the server writes it; nil if it has none of that number, or does not show it.
    fileprivate func time(of revision: Int) async throws(Failure) -> String? {
        do {
            let newest = try await get(Address(["v1", "revisions"], ["before": String(revision + 1), "limit": "1"]))
            let found = newest.map["revisions"]?.maps.first
            return found?["number"]?.integer == revision ? found?["time"]?.string : nil
        } catch {
            guard [403, 404].contains(error.answered) else { throw error }
            return nil
        }
    }
}

extension Failure {
    /// Says the folder form's errors as ours.
    static func wrapping<Result>(_ body: () throws(FolderFormError) -> Result) throws(Failure) -> Result {
        do {
            return try body()
        } catch {
            throw Failure("\(error)")
        }
    }
}
