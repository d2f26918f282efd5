import Access
import Cascade
import Formats
import HTTP
import HashTreeCollections
import Lifecycle
import OrderedCollections
import Store
import Tree
import Views

/// What Puppet, Ansible and Salt ask for.
enum ToolRoutes {
    static let all: [ServiceRoute] = [
        document("/enc/{certname}", "Puppet's node classifier: classes, parameters, environment", .enc),
        document("/hiera/{certname}", "all Hiera data of a node", .hiera),
        .document("/hiera/{certname}/{key}", "the Hiera value of one key", [.at]) {
            call throws(ServiceError) in
            try answer(.hieraKey(call.parameters["key"] ?? ""), call)
        },
        .read(.get, "/ansible", .known, "the inventory as ansible-inventory --list has it", hosts, inventory),
        .document("/ansible/hosts/{certname}", "the variables of one host", [.at, .vars]) {
            call throws(ServiceError) in
            try answer(.hostvars(variables(call)), call)
        },
        .read(.get, "/ansible/vars", .known, "the variables of the hosts, one a line", hosts, lines),
        document("/pillar/{certname}", "a minion's pillar", .pillar),
        document("/salt/top/{certname}", "a minion's states and environment", .top),
    ]

    private static let hosts: [Query] = [
        .at, Query(name: "folder", summary: "only the machines below this folder; default /"), .selector, .vars,
    ]

    private static func document(_ pattern: String, _ summary: String, _ kind: DocumentKind) -> ServiceRoute {
        .document(pattern, summary, [.at]) { call throws(ServiceError) in try answer(kind, call) }
    }

    private static func answer(_ kind: DocumentKind, _ call: Call) throws(ServiceError) -> Response {
        let certname = call.parameters["certname"] ?? ""
        let document = try call.parts.documents.document(kind, of: certname, in: call.snapshot)
        return try call.answer(document) { () throws(ServiceError) in
            guard let entry = call.snapshot.machine(certname)?.entry else { throw .unknownMachine(certname) }
            return try kind.value(try call.snapshot.subject(of: entry))
        }
    }

    private static func variables(_ call: Call) throws(ServiceError) -> Ansible.Variables {
        guard let text = call.head.query("vars") else { return .all }
        guard let variables = Ansible.Variables(rawValue: text) else {
            throw .badRequest("vars=\(text): expected all, connection or none")
        }
        return variables
    }

    private static func inventory(_ call: Call) throws(ServiceError) -> Response {
        let variables = try variables(call)
        if variables == .none { return try names(call) }
        guard !call.head.wantsYAML else { return try inventoryAsYAML(call, variables) }
        let (parts, omitted) = try eachHost(call, InventoryText.Part(variables)) { $0.append($1) }
        let inventory = Inventory(hosts: parts.flatMap(\.hosts), folders: try folders(call))
        let text = InventoryText(inventory, parts)
        return call.answer(json: text.bytes, etag: text.etag, headers: warning(omitted))
    }

    private static func inventoryAsYAML(
        _ call: Call, _ variables: Ansible.Variables
    ) throws(ServiceError) -> Response {
        let empty: [(host: Inventory.Host, variables: Map)] = []
        let (parts, omitted) = try eachHost(call, empty) { hosts, subject in
            hosts.append((Inventory.Host(subject), Ansible.variables(subject, variables)))
        }
        let hosts = parts.flatMap { $0 }
        let inventory = Inventory(hosts: hosts.map(\.host), folders: try folders(call))
        let hostvars = Map(uniqueKeysWithValues: hosts.map { ($0.host.certname, .map($0.variables)) })
        return call.answer(.map(inventory.document(hostvars: hostvars)), headers: warning(omitted))
    }

    /// The inventory without variables, of what the index knows: nothing is computed but what a selector asks for.
    private static func names(_ call: Call) throws(ServiceError) -> Response {
        var hosts: [Inventory.Host] = []
        var omitted: [String] = []
        for entry in call.machines(below: try folder(call), try call.selector()) {
            guard let listing = call.snapshot.index.listings[entry.id] else { continue }
            guard listing.problems.isEmpty else {
                omitted.append(listing.certname)
                continue
            }
            let record = call.snapshot.record(of: entry)
            hosts.append(
                Inventory.Host(
                    certname: listing.certname, path: listing.path, state: record.machine.state.rawValue,
                    hypervisor: record.hypervisor ?? listing.hypervisor, listed: listing.groups))
        }
        let hostvars = Map(uniqueKeysWithValues: hosts.map { ($0.certname, .map([:])) })
        let inventory = Inventory(hosts: hosts, folders: try folders(call))
        return call.answer(.map(inventory.document(hostvars: hostvars)), headers: warning(omitted))
    }

    private static func lines(_ call: Call) throws(ServiceError) -> Response {
        let variables = try variables(call)
        let empty = (bytes: [UInt8](), text: HostvarsText(variables))
        let (lines, omitted) = try eachHost(call, empty) { lines, subject in
            lines.bytes += "{\"host\":".utf8
            JSON.append(string: subject.computed.certname, to: &lines.bytes)
            lines.bytes += ",\"vars\":".utf8
            lines.text.append(subject, to: &lines.bytes)
            lines.bytes += "}\n".utf8
        }
        let body = Body(Array(lines.map(\.bytes).joined()))
        return call.answer(200, body, type: "application/jsonl", headers: warning(omitted))
    }

    /// The folders that an inventory of everything shows, even if they hold no machine.
    private static func folders(_ call: Call) throws(ServiceError) -> [Path] {
        guard call.head.query("selector") == nil else { return [] }
        var folders: [Path] = []
        guard let node = call.snapshot.tree[try folder(call)] else { return [] }
        call.walk(below: node) {
            if $0.entry.kind == .folder { folders.append($0.entry.path) }
            return true
        }
        return folders
    }

    private static func folder(_ call: Call) throws(ServiceError) -> Path {
        let path = try call.head.query("folder").map { text throws(ServiceError) in try Call.path(text) } ?? .root
        // At the root there is always something, if only an empty list.
        if !path.isRoot { try call.find(path) }
        guard call.snapshot.tree[path] != nil else { throw .missing(path) }
        return path
    }

    /// Puts together, on all cores, parts of the sound machines that `folder` and `selector` mean, sorted by path; and the
    /// names of those left out.
    private static func eachHost<Part: Sendable>(
        _ call: Call, _ empty: Part, _ add: @Sendable (inout Part, Subject) -> Void
    ) throws(ServiceError) -> (parts: [Part], omitted: [String]) {
        let selector = try call.selector()
        let snapshot = call.snapshot
        let batches = call.candidates(below: try folder(call), selector)
        let results = batches.parallelMap { run in
            var (part, omitted) = (empty, [String]())
            for batch in run {
                batch.forEach { entry, computed in
                    guard selector?.matches(computed.definition) ?? true else { return }
                    guard computed.problems.isEmpty else { return omitted.append(computed.certname) }
                    add(&part, Subject(computed, Facts(snapshot.record(of: entry))))
                }
            }
            return (part: part, omitted: omitted)
        }
        return (results.map(\.part), results.flatMap(\.omitted))
    }

    /// Machines with a broken definition are left out of lists, and named (RFC 7234 §5.5).
    private static func warning(_ omitted: [String]) -> [(name: String, value: String)] {
        guard !omitted.isEmpty else { return [] }
        let names = omitted.prefix(ProblemDocument.longest).joined(separator: ", ")
        let count = omitted.count == 1 ? "1 machine has" : "\(omitted.count) machines have"
        return [
            ("Warning", "199 headwater \"\(count) a broken definition and is left out: \(names); see /v1/problems\"")
        ]
    }
}
