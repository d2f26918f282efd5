import Lifecycle
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Where hypervisors and images are, in folders without machines")
struct SupplyTests {
    private static let tree = """
        entries:
          - path: /
            kind: folder
            definition:
              hypervisor: h
              hypervisors: {h: {driver: memory, uri: "${{ vars.u }}"}}
              images: {i: {file: "${{ vars.f }}"}}
              vars: {u: here, f: /srv/x.qcow2}
          - {path: /e, kind: folder, definition: {access: {managers: [bob]}}}
          - {path: /e/below, kind: folder, definition: {}}
        """

    @Test(
        "is not chosen by who has no trust, nor looked for where it was forced, whatever else is broken there",
        arguments: [
            ["u": "there"], ["f": "/etc/shadow"], ["u": "there", "f": "/etc/shadow", "x": "${{ vars.none }}"],
        ] as [Value])
    func chosen(_ vars: Value) async throws {
        try await Site.with(tree: Self.tree, people: ["bob"]) { site in
            let bob = site.acting(as: "bob")
            let patch: Value = ["vars": vars]
            let refused = try await bob.patch("/v1/tree/e", patch)
            #expect(refused.status == 422, "\(refused.text)")
            #expect(
                refused.detail.hasPrefix("the change would break what folders hand down: /e: "), "\(refused.detail)")
            let plan = try await bob.post("/v1/plan", ["patch": "/e", "definition": patch])
            #expect(plan["valid"] == false && plan["folders"]?.list?.isEmpty == false, "\(plan.text)")
            #expect(try await bob.patch("/v1/tree/e?force", patch).status == 200)
            #expect(try await bob.get("/v1/tree/e")["problems"]?.list?.isEmpty == false)

            let images = try await site.get("/v1/images")["images"]?.list ?? []
            #expect(images.compactMap { $0.map?["folder"] } == ["/"])
            #expect(images.first?.map?["places"]?.list?.count == 1)
            #expect(site.service.parts.current.snapshot.hypervisors.map(\.endpoint.uri) == ["here"])
            #expect(try await bob.patch("/v1/tree/e", ["vars": .null]).status == 200)
            #expect(try await bob.get("/v1/tree/e")["problems"] == [])
        }
    }

    @Test("is found where a reference says so")
    func referred() async throws {
        let tree = """
            entries:
              - path: /
                kind: folder
                definition:
                  hypervisors: {t: {driver: libvirt, uri: "test://${{ vars.u }}"}}
                  vars: {u: /default}
            """
        try await Site.with(tree: tree) { site in
            let unmanaged = try await site.get("/v1/unmanaged")
            #expect(
                unmanaged["unreachable"] == [] && unmanaged["machines"]?.list?.isEmpty == false, "\(unmanaged.text)")
        }
    }
}
