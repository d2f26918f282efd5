import Formats
import Hypervisor
import OrderedCollections
import Testing
import Tree

@testable import Service

@Suite("Golden images")
struct ImageTests {
    /// One machine leans on the image `base`, one has a copy of it.
    private static let tree = """
        entries:
          - path: /
            kind: folder
            definition:
              hypervisor: m
              hypervisors: {m: {driver: memory}}
              pools: {default: {pool: vms}, fast: {pool: nvme}}
              images:
                base: {pool: fast, volume: "${{ vars.release }}.qcow2", size: 2GiB}
                other: {file: /srv/other.qcow2}
              vars: {release: debian-12}
          - {path: /so, kind: folder, definition: {image: base}}
          - {path: /so/overlay, kind: vm, definition: {}}
          - {path: /so/copy, kind: vm, definition: {disks: {root: {mode: copy}}}}
          - {path: /so/planned, kind: vm, definition: {}}
          - {path: /ai, kind: folder, definition: {images: {base: {volume: ai.qcow2}}}}
        """

    private static let refusal =
        "disks of /so/overlay lean on the image base (nvme/debian-12.qcow2), which the change would remove or replace; "
        + "destroy or rebuild these first, give a new image a name of its own, or ask with force=true"

    private func withMachines(_ body: (Site) async throws -> Void) async throws {
        try await Site.with(tree: Self.tree) { site in
            for path in ["/so/overlay", "/so/copy"] {
                let created = try await site.run("create", path)
                #expect(created["state"] == "done", "\(created.text)")
            }
            try await body(site)
        }
    }

    @Test(
        "one that disks lean on is neither removed nor replaced, in whatever way, while the machine exists",
        arguments: [
            ["images": ["base": .null]], ["images": .null], ["images": ["base": ["volume": "debian-13.qcow2"]]],
            ["images": ["base": ["pool": "default"]]], ["pools": ["fast": ["pool": "ssd"]]],
            ["vars": ["release": "debian-13"]], ["unset": ["images.base"], "image": .null],
        ] as [Value])
    func refused(patch: Value) async throws {
        try await withMachines { site in
            let folder = patch.map?["unset"] == nil ? "" : "/so"
            let reply = try await site.patch("/v1/tree\(folder)/common", patch)
            #expect(reply.status == 409 && reply.detail == Self.refusal, "\(reply.text)")
            #expect(reply["image"] == "base" && reply["leaning"] == ["/so/overlay"])

            #expect(try await site.run("destroy", "/so/overlay")["state"] == "done")
            #expect(try await site.patch("/v1/tree\(folder)/common", patch).status == 200)
        }
    }

    @Test("what leaves the image as it is may be changed, and a new one may be taken for machines to come")
    func allowed() async throws {
        try await withMachines { site in
            for patch in [
                ["images": ["base": ["size": "3GiB"], "other": .null, "new": ["file": "/srv/new.qcow2"]]],
                ["pools": ["default": ["pool": "ssd"]]], ["vars": ["release": "debian-12", "more": 1]],
            ] as [Value] {
                let reply = try await site.patch("/v1/tree/common", patch)
                #expect(reply.status == 200, "\(reply.text)")
            }
            #expect(try await site.patch("/v1/tree/so/common", ["image": "new"]).status == 200)
            #expect(try await site.get("/v1/tree/so/overlay")["pending"]?.list?.contains("image") == true)
            // What counts is what the machine was made of, not what it would be made of now.
            let reply = try await site.patch("/v1/tree/common", ["images": ["base": .null]])
            #expect(reply.status == 409 && reply.detail == Self.refusal, "\(reply.text)")
            #expect(try await site.run("rebuild", "/so/overlay")["state"] == "done")
            #expect(try await site.patch("/v1/tree/common", ["images": ["base": .null]]).status == 200)
        }
    }

    @Test("a machine is not moved to where the name of its image means another one")
    func moved() async throws {
        try await withMachines { site in
            let reply = try await site.post("/v1/tree/so/overlay:move", ["to": "/ai/overlay"])
            #expect(reply.status == 409, "\(reply.text)")
            #expect(try await site.post("/v1/tree/so/planned:move", ["to": "/ai/planned"]).status == 201)
        }
    }

    @Test("a deletion of the image that is forced is done, and the image is listed as nobody's")
    func forced() async throws {
        try await withMachines { site in
            let reply = try await site.patch("/v1/tree/common?force=true", ["images": ["base": .null]])
            #expect(reply.status == 200, "\(reply.text)")
            let image = try await images(site).first { $0["name"] == "base" && $0["folder"] == .null }
            #expect(image?["volume"] == "debian-12.qcow2" && image?["machines"] == ["/so/overlay"])
        }
    }

    @Test("they are listed with where they are, how large, and which machines lean on them")
    func listed() async throws {
        try await withMachines { site in
            let images = try await images(site)
            #expect(images.map { $0["name"] } == ["base", "other", "base"])
            #expect(images.map { $0["folder"] } == ["/", "/", "/ai"])
            #expect(
                images.first == [
                    "name": "base", "pool": "nvme", "volume": "debian-12.qcow2", "size": .integer(2 << 30),
                    "folder": "/",
                    "places": [
                        [
                            "hypervisor": "m", "there": true, "path": "nvme/debian-12.qcow2",
                            "capacity": .integer(2 << 30),
                        ]
                    ],
                    "machines": ["/so/overlay"],
                ], "\(images)")
        }
    }

    @Test("an image that is not there says why, and of a hypervisor that does not answer nothing is known")
    func missing() async throws {
        let tree = """
            entries:
              - path: /
                kind: folder
                definition:
                  hypervisor: down
                  hypervisors: {down: {uri: "qemu+unix:///system?socket=/nonexistent/socket"}, t: {uri: "test:///default"}}
                  images: {base: {file: /srv/base.qcow2}}
              - path: /t
                kind: folder
                definition:
                  hypervisor: t
                  pools: {none: {pool: none}}
                  images: {lost: {pool: none, volume: lost.qcow2}}
            """
        try await Site.with(tree: tree) { site in
            let places = try await images(site).map { $0["places"]?.list?.first?.map }
            #expect(places.map { $0?["there"] } == [.null, false])
            #expect(places[0]?["reason"]?.string?.contains("/nonexistent/socket") == true)
            #expect(places[1]?["reason"] == "image lost: the storage pool \"none\" is not there or is off")
        }
    }

    @Test("an image in a pool that is named nowhere is refused when it is written; one that a place below names is not")
    func wrongPool() async throws {
        try await Site.with(tree: Trees.lab) { site in
            func write(_ pool: Value, at path: String = "/so") async throws -> Reply {
                try await site.patch(
                    "/v1/tree\(path)/common", ["images": ["base": ["volume": "base.qcow2", "pool": pool]]])
            }
            let refused = try await write("disk")
            #expect(refused.status == 422, "\(refused.text)")
            let problem = refused["problems"]?.list?.first?.map
            #expect(problem?["key"] == "images.base.pool")
            #expect(refused.detail.contains("no pool is named \"disk\" here; there are disks"), "\(refused.text)")
            #expect(try await write("disks").status == 200)
            #expect(try await write("fast").status == 422)
            #expect(try await site.patch("/v1/tree/so/ana/common", ["pools": ["fast": ["pool": "nvme"]]]).status == 200)
            #expect(try await write("fast", at: "/ai").status == 422)
            #expect(try await write("fast").status == 200)
            #expect(try await write("${{ vars.site }}", at: "/ai").status == 200)
        }
    }

    @Test("a machine whose own disk others lean on is neither started nor removed")
    func template() async throws {
        try await withMachines { site in
            let id = try await site.get("/v1/tree/so/copy")["vm"]?.map?["uuid"]?.string ?? ""
            let image: Value = ["pool": "default", "volume": .string("\(id)-root.qcow2")]
            _ = try await site.patch("/v1/tree/common", ["images": ["template": image]])
            _ = try await site.patch("/v1/tree/so/planned", ["image": "template"])
            #expect(try await site.run("start", "/so/copy")["state"] == "done")
            #expect(try await site.run("stop", "/so/copy")["state"] == "done")
            #expect(try await site.run("create", "/so/planned")["state"] == "done")
            for verb in ["start", "destroy", "rebuild"] {
                let refused = try await site.run(verb, "/so/copy")
                let reason: Value = """
                    /so/copy: a disk of its is the image that disks of others lean on; destroy these first, as /v1/images \
                    lists them
                    """
                #expect(refused["error"] == reason, "\(refused.text)")
            }
            #expect(try await site.get("/v1/tree/so/copy")["state"] == "stopped")
            #expect(try await site.run("destroy", "/so/planned")["state"] == "done")
            #expect(try await site.run("destroy", "/so/copy")["state"] == "done")
        }
    }

    private func images(_ site: Site) async throws -> [Map] {
        let reply = try await site.get("/v1/images")
        #expect(reply.status == 200, "\(reply.text)")
        return reply["images"]?.list?.compactMap(\.map) ?? []
    }
}
