import Formats
import OrderedCollections
import Secrets
import Tree
import Views

/// The groups of an inventory as the members of the answer to `--list` that follow `_meta`, with the brace that ends it.
struct Groups: Sendable {
    let bytes: [UInt8]
    let digest: [UInt8]
    private let rolls: [Roll]
    private let folders: [Path]

    /// - Parameter folders: those that are to be there even if they hold no host.
    init(_ rolls: [Roll], _ folders: [Path]) {
        self.rolls = rolls
        self.folders = folders
        var bytes: [UInt8] = []
        for (name, group) in Inventory(hosts: rolls.lazy.flatMap(\.hosts), folders: folders).document {
            bytes.append(UInt8(ascii: ","))
            JSON.append(key: name.text, to: &bytes)
            JSON.append(group, to: &bytes)
        }
        bytes += "}\n".utf8
        self.bytes = bytes
        digest = Digest.blake2b256(of: bytes)
    }

    /// Whether they are what would be made of these.
    func areMade(of rolls: [Roll], _ folders: [Path]) -> Bool {
        self.rolls.count == rolls.count && zip(self.rolls, rolls).allSatisfy { $0 === $1 } && self.folders == folders
    }
}
