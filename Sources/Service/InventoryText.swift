import Formats
import OrderedCollections
import Tree
import Views

/// The answer to `--list` as JSON, put together of hosts' variables that were written already.
struct InventoryText {
    private(set) var bytes: [UInt8] = []

    /// - Parameter hosts: the hosts, in the order that they are to have, with their variables as JSON.
    init(_ inventory: Inventory, _ hosts: [(certname: String, json: [UInt8])]) {
        bytes.reserveCapacity(hosts.reduce(0) { $0 + $1.json.count + 2 * $1.certname.utf8.count + 16 })
        bytes += "{\"_meta\":{\"hostvars\":{".utf8
        for (number, host) in hosts.enumerated() {
            append(host.certname, isFirst: number == 0)
            bytes += host.json
        }
        bytes += "}}".utf8
        for (name, group) in inventory.document {
            append(name, isFirst: false)
            JSON.append(group, to: &bytes)
        }
        bytes += "}\n".utf8
    }

    private mutating func append(_ key: String, isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        JSON.append(string: key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
