import Access
import HTTP
import OrderedCollections
import Tree

/// Who may do what.
enum AccessRoutes {
    static let all: [ServiceRoute] = [
        .read(
            .get, "/v1/access/{path...}", .may([.view]), "what the caller may do at a place, and which entries say so",
            [Query(name: "principal", summary: "what this user, or @group, may do instead; needs the right grant")],
            access),
        .list("/v1/whoami", .known, "who the caller is, and the places that he may view", [], whoami),
    ]

    private static func access(_ call: Call) throws(ServiceError) -> Response {
        let path = try call.path()
        guard call.snapshot.tree[path] != nil else { throw .missing(path) }
        guard let name = call.head.query("principal"), name != call.principal.name else {
            return call.answer(.map(AccessDocument(call.standing, at: path).map))
        }
        try call.require([.grant], at: path)
        let other =
            name.hasPrefix("@")
            ? Principal(name: name, .granted(groups: [String(name.dropFirst())]))
            : call.parts.accounts.directory.principal(named: name)
        return call.answer(.map(AccessDocument(Standing(other, call.snapshot.policy), at: path).map))
    }

    private static func whoami(_ call: Call) -> Response {
        let principal = call.principal
        var map: Map = ["principal": .string(principal.name), "superuser": .bool(principal.isSuperuser)]
        switch principal.authority {
        case .granted(let groups): map["groups"] = .list(groups.sorted().map(Value.string))
        case .machine: map["machine"] = true
        case .superuser: break
        }
        let bounds = principal.bounds.map
        if !bounds.isEmpty { map["bounds"] = .map(bounds) }
        map["expires"] = call.tokenExpiry.map { .string(Clock.text($0)) }
        map["places"] = .list(
            call.standing.places.map { place in
                ["path": .string("\(place)"), "rights": call.standing.rights(at: place).value]
            })
        return call.answer(.map(map))
    }
}

/// What somebody may do at a place, and why.
struct AccessDocument {
    let map: Map

    init(_ standing: Standing, at path: Path) {
        let principal = standing.principal
        var map: Map = ["path": .string("\(path)"), "principal": .string(principal.name)]
        if principal.authority == .superuser { map["superuser"] = true }
        map["rights"] = standing.rights(at: path).value
        let appointments = standing.appointments(at: path)
        let roles = Set(appointments.map(\.role))
        map["roles"] = .list(
            appointments.map { appointment in
                [
                    "role": .string(appointment.role.rawValue), "as": .string(appointment.name),
                    "from": .string("\(appointment.path)"),
                ]
            })
        map["may"] = .list(
            standing.policy.allowances(at: path).filter { roles.contains($0.role) }.map { allowance in
                [
                    "role": .string(allowance.role.rawValue), "rights": allowance.rights.value,
                    "from": .list(allowance.from.map { .string("\($0)") }),
                ]
            })
        let bounds = principal.bounds.map
        if !bounds.isEmpty { map["bounds"] = .map(bounds) }
        self.map = map
    }
}

extension Rights {
    fileprivate var value: Value { .list(list.map { .string($0.rawValue) }) }
}

extension Bounds {
    fileprivate var map: Map {
        var map: Map = [:]
        map["folder"] = folder.map { .string("\($0)") }
        map["rights"] = rights.map { Rights($0).value }
        map["certname"] = certname.map(Value.string)
        return map
    }
}
