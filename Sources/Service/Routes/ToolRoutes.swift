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
            try answer(.hieraKey(Key(call.parameters["key"] ?? "")), call)
        },
        .list("/ansible", .known, "the inventory as ansible-inventory --list has it", hosts, inventory),
        .document("/ansible/hosts/{certname}", "the variables of one host", [.at, .vars]) {
            call throws(ServiceError) in
            try answer(.hostvars(variables(call)), call)
        },
        .list("/ansible/vars", .known, "the variables of the hosts, one a line", hosts, lines),
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
        let (variables, scope) = (try variables(call), try scope(call))
        guard !call.head.wantsYAML else { return try inventoryAsYAML(call, scope, variables) }
        let lists = try scope.hosts(variables, as: .members)
        return call.answer(
            json: InventoryText.inventory(of: lists, folders: scope.folders),
            headers: Call.warning(leftOut: lists.flatMap(\.omitted)))
    }

    private static func inventoryAsYAML(_ call: Call, _ scope: InventoryScope, _ variables: Ansible.Variables)
        throws(ServiceError) -> Response
    {
        let parts = try scope.parallelMap { run in
            var subjects: [Subject] = []
            for batch in run {
                batch.forEach { entry, computed in
                    guard scope.isMeant(entry, computed) else { return }
                    subjects.append(Subject(computed, Facts(scope.snapshot.record(of: entry))))
                }
            }
            return subjects
        }
        let subjects = parts.flatMap { $0 }
        let sound = subjects.filter { $0.computed.problems.isEmpty }
        let omitted = subjects.filter { !$0.computed.problems.isEmpty }.map(\.computed.certname)
        let inventory = Inventory(hosts: sound.map(Inventory.Host.init), folders: scope.folders)
        let hostvars = Map(
            uniqueKeysWithValues: sound.map { (Key($0.computed.certname), .map(Ansible.variables($0, variables))) })
        return call.answer(.map(inventory.document(hostvars: hostvars)), headers: Call.warning(leftOut: omitted))
    }

    private static func lines(_ call: Call) throws(ServiceError) -> Response {
        let lists = try scope(call).hosts(try variables(call), as: .lines)
        return call.answer(
            whole: Array(lists.map(\.variables).joined()), type: "application/jsonl",
            headers: Call.warning(leftOut: lists.flatMap(\.omitted)))
    }

    private static func scope(_ call: Call) throws(ServiceError) -> InventoryScope {
        try InventoryScope(call, below: try folder(call))
    }

    private static func folder(_ call: Call) throws(ServiceError) -> Path {
        let path = try call.head.query("folder").map { text throws(ServiceError) in try Call.path(text) } ?? .root
        // At the root there is always something, if only an empty list; who has one machine finds the folders above it.
        if !path.isRoot, call.principal.machine == nil { try call.find(path) }
        guard call.snapshot.tree[path] != nil else { throw .missing(path) }
        return path
    }
}
