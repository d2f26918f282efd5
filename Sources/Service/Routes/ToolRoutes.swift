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
        guard !call.head.wantsYAML else { return try inventoryAsYAML(call, variables) }
        let (batches, selector) = (try batches(call), try call.selector())
        let folders = selector == nil ? batches.map(\.folder.path) : []
        if variables == .none {
            let snapshot = call.snapshot
            let rolls = batches.parallelMap { run in Roll(run.flatMap { $0.entries(selector) }, in: snapshot) }
            let text = InventoryText(namesOf: rolls, Groups(rolls, folders))
            return call.answer(text, type: "application/json", headers: warning(rolls.flatMap(\.omitted)))
        }
        let pages = try pages(batches, call, variables)
        let rolls = pages.map(\.roll)
        let groups = try kept(call)?.groups(rolls, folders) ?? Groups(rolls, folders)
        let text = InventoryText(pages, groups)
        return call.answer(text, type: "application/json", headers: warning(rolls.flatMap(\.omitted)))
    }

    private static func inventoryAsYAML(
        _ call: Call, _ variables: Ansible.Variables
    ) throws(ServiceError) -> Response {
        let (batches, selector, snapshot) = (try batches(call), try call.selector(), call.snapshot)
        let parts = batches.parallelMap { run in
            var subjects: [Subject] = []
            for batch in run {
                batch.forEach { entry, computed in
                    guard selector?.matches(computed.definition) ?? true else { return }
                    subjects.append(Subject(computed, Facts(snapshot.record(of: entry))))
                }
            }
            return subjects
        }
        let subjects = parts.flatMap { $0 }
        let sound = subjects.filter { $0.computed.problems.isEmpty }
        let omitted = subjects.filter { !$0.computed.problems.isEmpty }.map(\.computed.certname)
        let folders = selector == nil ? batches.map(\.folder.path) : []
        let inventory = Inventory(hosts: sound.map(Inventory.Host.init), folders: folders)
        let hostvars = Map(
            uniqueKeysWithValues: sound.map { ($0.computed.certname, .map(Ansible.variables($0, variables))) })
        return call.answer(.map(inventory.document(hostvars: hostvars)), headers: warning(omitted))
    }

    private static func lines(_ call: Call) throws(ServiceError) -> Response {
        let pages = try pages(try batches(call), call, try variables(call))
        return call.answer(
            InventoryText(lines: pages), type: "application/jsonl", headers: warning(pages.flatMap(\.roll.omitted)))
    }

    /// The machines that `folder` means, and `selector` as far as nothing has to be computed for it.
    private static func batches(_ call: Call) throws(ServiceError) -> [Batch] {
        call.candidates(below: try folder(call), try call.selector())
    }

    /// What is kept of earlier answers, for who asks for all that is below a folder of the newest tree.
    private static func kept(_ call: Call) throws(ServiceError) -> Pages? {
        try call.selector() == nil && call.head.query("at") == nil ? call.parts.pages : nil
    }

    /// The variables of the machines that the call's selector means.
    private static func pages(
        _ batches: [Batch], _ call: Call, _ variables: Ansible.Variables
    ) throws(ServiceError) -> [Page] {
        let (selector, kept, snapshot) = (try call.selector(), try kept(call), call.snapshot)
        let changes = Changes()
        return batches.parallelMap { run in
            run.lazy.filter { !$0.entries.isEmpty }.map { batch in
                kept?.page(variables, batch, in: snapshot, changes)
                    ?? batch.page(Page.Sources(variables, batch, in: snapshot), in: snapshot) {
                        selector?.matches($0.definition) ?? true
                    }
            } as [Page]
        }.flatMap { $0 }
    }

    private static func folder(_ call: Call) throws(ServiceError) -> Path {
        let path = try call.head.query("folder").map { text throws(ServiceError) in try Call.path(text) } ?? .root
        // At the root there is always something, if only an empty list.
        if !path.isRoot { try call.find(path) }
        guard call.snapshot.tree[path] != nil else { throw .missing(path) }
        return path
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
