import Access
import Cascade
import Formats
import HTTP
import OrderedCollections
import Tree
import Views

/// What Puppet, Ansible and Salt ask for.
enum ToolRoutes {
    static let all: [ServiceRoute] = [
        document("/enc/{certname}", "Puppet's node classifier: classes, parameters, environment", .enc),
        document("/hiera/{certname}", "all Hiera data of a node", .hiera),
        .read(.get, "/hiera/{certname}/{key}", .may([.view]), "the Hiera value of one key", [.at]) {
            call throws(ServiceError) in
            try answer(.hieraKey(call.parameters["key"] ?? ""), call)
        },
        .read(.get, "/ansible", .known, "the inventory as ansible-inventory --list has it", hosts, inventory),
        .read(.get, "/ansible/hosts/{certname}", .may([.view]), "the variables of one host", [.at, .vars]) {
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
        .read(.get, pattern, .may([.view]), summary, [.at]) { call throws(ServiceError) in try answer(kind, call) }
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
        var hosts: [Inventory.Host] = []
        var hostvars: Map = [:]
        let omitted = try forEachHost(call) { subject in
            hosts.append(Inventory.Host(subject))
            hostvars[subject.computed.certname] = .map(Ansible.variables(subject, variables))
        }
        let document = Inventory(hosts: hosts, folders: try folders(call)).document(hostvars: hostvars)
        return call.answer(.map(document), headers: warning(omitted))
    }

    private static func lines(_ call: Call) throws(ServiceError) -> Response {
        let variables = try variables(call)
        var bytes: [UInt8] = []
        let omitted = try forEachHost(call) { subject in
            let line: Map = [
                "host": .string(subject.computed.certname), "vars": .map(Ansible.variables(subject, variables)),
            ]
            JSON.append(.map(line), to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return call.answer(200, Body(bytes), type: "application/jsonl", headers: warning(omitted))
    }

    /// The folders that an inventory of everything shows, even if they hold no machine.
    private static func folders(_ call: Call) throws(ServiceError) -> [Path] {
        guard call.head.query("selector") == nil else { return [] }
        var folders: [Path] = []
        guard let node = call.snapshot.tree[try folder(call)] else { return [] }
        call.walk(below: node) { if $0.entry.kind == .folder { folders.append($0.entry.path) } }
        return folders
    }

    private static func folder(_ call: Call) throws(ServiceError) -> Path {
        let path = try call.head.query("folder").map { text throws(ServiceError) in try Call.path(text) } ?? .root
        // At the root there is always something, if only an empty list.
        if !path.isRoot { try call.find(path) }
        guard call.snapshot.tree[path] != nil else { throw .missing(path) }
        return path
    }

    /// Calls `body` for each sound machine that `folder` and `selector` mean; returns the names of those left out.
    private static func forEachHost(_ call: Call, _ body: (Subject) -> Void) throws(ServiceError) -> [String] {
        let selector = try call.selector()
        var omitted: [String] = []
        call.forEachMachine(below: try folder(call)) { entry, computed in
            guard selector?.matches({ call.snapshot.value($0, of: entry, computed) }) ?? true else { return }
            if computed.problems.isEmpty {
                body(Subject(computed, Facts(call.snapshot.record(of: entry))))
            } else {
                omitted.append(computed.certname)
            }
        }
        return omitted
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
