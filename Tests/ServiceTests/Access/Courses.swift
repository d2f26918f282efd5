import OrderedCollections
import Tree

/// A faculty in small: two courses, a customer, and who has which role where.
enum Courses {
    static let people = ["dean", "teresa", "alice", "bob", "carl", "puppet", "eve"]

    static let tree = """
        entries:
          - path: /
            kind: folder
            definition:
              domain: lab.example
              hypervisor: m
              hypervisors: {m: {driver: memory}, t: {driver: libvirt, uri: "test:///default"}}
              vars: {site: north, motd: house}
          - path: /courses
            kind: folder
            definition: {vars: {motd: courses}, access: {managers: [dean], readers: [puppet]}}
          - {path: /courses/so, kind: folder, definition: {vars: {motd: so}, access: {managers: [teresa]}}}
          - {path: /courses/so/alice, kind: folder, definition: {access: {users: [alice]}}}
          - {path: /courses/so/alice/web, kind: vm, definition: {vars: {role: web}}}
          - {path: /courses/so/alice/db, kind: vm, definition: {vars: {role: db}}}
          - {path: /courses/so/bob, kind: folder, definition: {access: {users: [bob]}}}
          - {path: /courses/so/bob/web, kind: vm, definition: {vars: {role: web}}}
          - path: /courses/so/exam
            kind: folder
            definition: {vars: {answer: forty-two}, access: {may: {manager: [], reader: []}}}
          - {path: /courses/so/exam/sheet, kind: vm, definition: {vars: {role: exam}}}
          - {path: /courses/ai, kind: folder, definition: {}}
          - {path: /courses/ai/gpu, kind: vm, definition: {}}
          - path: /customers
            kind: folder
            definition: {access: {may: {user: [view, start, stop, console]}}}
          - {path: /customers/carl, kind: folder, definition: {access: {users: [carl]}}}
          - {path: /customers/carl/shop, kind: vm, definition: {}}
        """

    /// Runs `body` with a site of this tree.
    static func with(_ body: (Site) async throws -> Void) async throws {
        try await Site.with(tree: tree, people: people, body)
    }
}

extension Site {
    func listed(_ target: String) async throws -> [String] {
        try await get(target)["entries"]?.list?.compactMap { $0.map?["path"]?.string } ?? []
    }
}
