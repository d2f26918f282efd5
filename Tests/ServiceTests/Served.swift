import Formats
import OrderedCollections
import Testing
import Tree

/// What tools are told of machines: as it is served, or as a plan foretells it.
struct Served {
    struct Machine: Equatable {
        var certname: String
        /// By the document's name; nil while the machine's definition is broken.
        var documents: Map?

        /// The documents as bytes, their keys in order; the revision left out, if it does not matter.
        func bytes(withRevision: Bool = true) -> String {
            var documents = documents
            if !withRevision { documents?.forEachHeadwater { $0["revision"] = nil } }
            return certname + String(decoding: JSON.encode((documents.map(Value.map) ?? .null).sorted), as: UTF8.self)
        }
    }

    /// By path.
    var machines: [String: Machine] = [:]

    /// Asks for each machine's documents one by one, and for the inventory.
    static func of(_ site: Site) async throws -> Served {
        let listing = try await site.get("/v1/tree?recursive&fields=path,kind,certname&limit=100000")
        var groups: [String: [Value]] = [:]
        for (group, value) in try await site.get("/ansible?vars=none").json.map ?? [:] where group != "_meta" {
            for host in value.map?["hosts"]?.list?.compactMap(\.string) ?? [] {
                groups[host, default: []].append(.string(group.text))
            }
        }
        var served = Served()
        for entry in listing["entries"]?.list?.compactMap(\.map) ?? [] where entry["kind"] == "vm" {
            let (path, certname) = (try #require(entry["path"]?.string), try #require(entry["certname"]?.string))
            var documents: Map? = ["groups": ["groups": .list((groups[certname] ?? []).sorted)]]
            for (name, target): (Tree.Key, String) in [
                ("enc", "/enc/"), ("hiera", "/hiera/"), ("ansible", "/ansible/hosts/"), ("pillar", "/pillar/"),
                ("top", "/salt/top/"),
            ] {
                let reply = try await site.get(target + certname)
                if reply.status == 200 { documents?[name] = reply.json } else { documents = nil }
            }
            served.machines[path] = Machine(certname: certname, documents: documents)
        }
        return served
    }
}

extension Served {
    /// What is to be served when a plan of a change to this has been carried out; nothing of machines that are mended.
    func foretold(by plan: Map) throws -> Served {
        var foretold = self
        let revision = Value.integer((plan["revision"]?.integer ?? 0) + 1)
        let groups = plan["affected"]?.list?.compactMap(\.map) ?? []
        for group in groups {
            for name in group["listed"]?.list?.compactMap(\.map) ?? [] {
                foretold.machines[name["from"]?.string ?? name["path"]?.string ?? ""] = nil
            }
        }
        for group in groups where group["change"] != "removed" && group["change"] != "destroyed" {
            for name in group["listed"]?.list?.compactMap(\.map) ?? [] {
                let path = try #require(name["path"]?.string)
                let certname = try #require(name["certname"]?.string)
                var documents = machines[name["from"]?.string ?? path].map { $0.documents } ?? Served.empty
                for (view, differences) in group["documents"]?.map ?? [:] {
                    var document = documents?[view] ?? [:]
                    // The order of keys is not compared here.
                    for difference in differences.list?.compactMap(\.map) ?? [] where difference["order"] == nil {
                        let key = try DottedPath(try #require(difference["key"]?.string))
                        document.make(difference["after"]?.resolved(certname, path), at: key.keys[...])
                    }
                    documents?[view] = document
                }
                let groups = documents?["groups"]?.map?["groups"]?.list ?? []
                documents?["groups"] = ["groups": .list(groups.sorted)]
                let place = try Path(path)
                documents?.forEachHeadwater { headwater in
                    headwater["path"] = .string(path)
                    headwater["name"] = .string(place.name)
                    headwater["folder"] = .string("\(place.parent ?? .root)")
                    headwater["certname"] = .string(certname)
                    headwater["revision"] = revision
                }
                foretold.machines[path] = Machine(certname: certname, documents: documents)
            }
        }
        for name in plan.names(in: "problems") { foretold.machines[name]?.documents = nil }
        return foretold
    }

    private static let empty: Map? = [
        "enc": [:], "hiera": [:], "ansible": [:], "groups": [:], "pillar": [:], "top": [:],
    ]
}

extension Map {
    /// The paths of the machines that a plan lists in one of its parts.
    func names(in part: String) -> Set<String> {
        let groups = self[part]?.list?.compactMap(\.map) ?? []
        return Set(groups.flatMap { $0["listed"]?.list ?? [] }.compactMap { $0.map?["path"]?.string })
    }

    /// Of a machine's documents, changes each map `headwater`.
    fileprivate mutating func forEachHeadwater(_ change: (inout Map) -> Void) {
        for place: [Tree.Key] in [["enc", "parameters"], ["hiera"], ["ansible"], ["pillar"]] {
            var headwater = (place + ["headwater"]).reduce(Value.map(self) as Value?) { $0?.map?[$1] }?.map ?? [:]
            change(&headwater)
            var all = Value.map(self)
            all.make(.map(headwater), at: (place + ["headwater"])[...])
            self = all.map ?? [:]
        }
    }
}

extension Value {
    /// Sets what stands at a key, or removes it; a map goes when its last key does.
    fileprivate mutating func make(_ value: Value?, at keys: ArraySlice<Tree.Key>) {
        guard let key = keys.first else { return }
        var map = map ?? [:]
        if keys.count == 1 {
            map[key] = value
        } else {
            var inner = map[key] ?? [:]
            inner.make(value, at: keys.dropFirst())
            map[key] = value == nil && inner == [:] ? nil : inner
        }
        self = .map(map)
    }

    /// The value with a machine's own names where it refers to them.
    fileprivate func resolved(_ certname: String, _ path: String) -> Value {
        switch self {
        case .map(let map): .map(map.mapValues { $0.resolved(certname, path) })
        case .list(let elements): .list(elements.map { $0.resolved(certname, path) })
        case .string(let text):
            .string(
                text.replacing("${{ self.certname }}", with: certname).replacing("${{ self.path }}", with: path))
        case .null, .bool, .integer, .float: self
        }
    }

    /// The value with the keys of its maps in order.
    fileprivate var sorted: Value {
        switch self {
        case .map(let map):
            .map(Map(uniqueKeysWithValues: map.sorted { $0.key < $1.key }.map { ($0.key, $0.value.sorted) }))
        case .list(let elements): .list(elements.map(\.sorted))
        case .null, .bool, .integer, .float, .string: self
        }
    }
}

extension [Value] {
    fileprivate var sorted: [Value] { sorted { ($0.string ?? "") < ($1.string ?? "") } }
}
