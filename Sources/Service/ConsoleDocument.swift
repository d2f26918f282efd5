import Foundation
import Hypervisor
import Lifecycle
import OrderedCollections
import Tree

/// How people get at the consoles of a running machine.
struct ConsoleDocument {
    let map: Map

    init(_ path: Path, _ id: EntryID, _ endpoint: Endpoint, _ consoles: [Console]) {
        let host = URLComponents(string: endpoint.uri).flatMap(Host.init)
        map = [
            "path": .string("\(path)"), "hypervisor": .string(endpoint.name), "uuid": .string("\(id)"),
            "consoles": .list(consoles.map { .map(ConsoleDocument.map($0, id, endpoint, host)) }),
        ]
    }

    /// The host that a connection URI leads to.
    private struct Host {
        let name: String
        /// For ssh(1).
        let login: String

        /// Nil for this host.
        init?(_ url: URLComponents) {
            guard let host = url.host, !host.isEmpty else { return nil }
            name = host
            login = url.user.map { "\($0)@\(host)" } ?? host
        }
    }

    private static func map(_ console: Console, _ id: EntryID, _ endpoint: Endpoint, _ host: Host?) -> Map {
        var map: Map = ["kind": .string(console.kind.rawValue)]
        switch console.place {
        case .address(let address, let port):
            map["address"] = .string(address)
            map["port"] = .integer(port)
            let isEverywhere = ["0.0.0.0", "::", "*"].contains(address)
            let isLocal = address == "localhost" || address == "::1" || address.hasPrefix("127.")
            let reached = isEverywhere ? host?.name ?? "127.0.0.1" : isLocal ? "127.0.0.1" : address
            let scheme = console.kind == .serial ? "telnet" : console.kind.rawValue
            map["url"] = .string("\(scheme)://\(reached.contains(":") ? "[\(reached)]" : reached):\(port)")
            if isLocal, let host {
                map["tunnel"] = .string("ssh -N -L \(port):127.0.0.1:\(port) \(quoted(host.login))")
            }
        case .socket(let path):
            map["socket"] = .string(path)
        case .terminal(let path):
            map["terminal"] = .string(path)
        }
        if console.kind == .serial, endpoint.driver == .libvirt {
            map["command"] = .string("virsh -c \(quoted(endpoint.uri)) console \(id)")
        }
        return map
    }

    /// One word of a POSIX shell.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789:/+@._-".unicodeScalars.contains(scalar))
        }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
