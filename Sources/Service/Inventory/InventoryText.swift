import Formats
import HTTP
import OrderedCollections
import Tree
import Views

/// The texts of an inventory, as JSON.
enum InventoryText {
    /// How the variables of each host are written.
    enum Framing: Sendable {
        /// Members of `_meta.hostvars`, each with a comma after it.
        case members
        /// An object with the host's name, on a line of its own.
        case lines

        func append(_ certname: String, _ variables: Map, to bytes: inout [UInt8]) {
            switch self {
            case .members:
                JSON.append(key: certname, to: &bytes)
                JSON.append(.map(variables), to: &bytes)
                bytes.append(UInt8(ascii: ","))
            case .lines:
                bytes += "{\"host\":".utf8
                JSON.append(string: certname, to: &bytes)
                bytes += ",\"vars\":".utf8
                JSON.append(.map(variables), to: &bytes)
                bytes += "}\n".utf8
            }
        }
    }

    /// The answer to `--list`: the variables of the hosts, then the groups.
    ///
    /// - Parameters:
    ///   - lists: with variables written as `.members`.
    ///   - folders: those that are to be there even if they hold no host.
    static func inventory(of lists: [HostList], folders: [Path]) -> [UInt8] {
        var bytes = Array("{\"_meta\":{\"hostvars\":{".utf8)
        bytes.reserveCapacity(lists.reduce(1 << 16) { $0 + $1.variables.count })
        for list in lists { bytes += list.variables }
        if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        bytes += "}}".utf8
        for (name, group) in Inventory(hosts: lists.lazy.flatMap(\.hosts), folders: folders).document {
            bytes.append(UInt8(ascii: ","))
            JSON.append(key: name.text, to: &bytes)
            JSON.append(group, to: &bytes)
        }
        return bytes + "}\n".utf8
    }
}
