import Cascade
import Formats
import OrderedCollections
import Secrets
import Store
import Tree
import Views

/// The answer to `--list` as JSON, put together of parts that were written on any core.
struct InventoryText {
    /// Some hosts, with their variables as JSON.
    struct Part: Sendable {
        private(set) var hosts: [Inventory.Host] = []
        /// The members of `hostvars`, a comma after each.
        fileprivate private(set) var bytes: [UInt8] = []
        private var text: HostvarsText

        init(_ which: Ansible.Variables) {
            text = HostvarsText(which)
        }

        mutating func append(_ subject: Subject) {
            hosts.append(Inventory.Host(subject))
            JSON.append(key: subject.computed.certname, to: &bytes)
            text.append(subject, to: &bytes)
            bytes.append(UInt8(ascii: ","))
        }
    }

    private(set) var bytes: [UInt8] = []
    /// A strong entity tag, made of the parts' digests.
    let etag: String

    init(_ inventory: Inventory, _ parts: [Part]) {
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count + $1.hosts.count * 64 })
        bytes += "{\"_meta\":{\"hostvars\":{".utf8
        for part in parts { bytes += part.bytes }
        if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        bytes += "}}".utf8
        let groups = bytes.count
        for (name, group) in inventory.document {
            bytes.append(UInt8(ascii: ","))
            JSON.append(key: name, to: &bytes)
            JSON.append(group, to: &bytes)
        }
        bytes += "}\n".utf8
        let digests = Parallel.map(parts, atATime: 1) { Digest.blake2b256(of: $0.bytes) }
        etag = Document.etag(of: digests.flatMap { $0 } + bytes[groups...])
    }
}
