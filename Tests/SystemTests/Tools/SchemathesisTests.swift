import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Requests at random, by schemathesis", .serialized)
struct SchemathesisTests {
    @Test(
        "to a reader, a manager and the superuser each is answered as the interface's description says, and gives none more than his role"
    )
    func roles() async throws {
        let random = Seeded()
        try await Daemon.run(people: ["rita", "mona"]) { daemon, people in
            let api = daemon.api
            let access: Value = ["managers": ["mona"], "readers": ["rita"]]
            try await api.put(
                "/", "folder",
                ["access": access, "hypervisor": "m", "hypervisors": ["m": ["driver": "memory"]], "domain": "example"])
            try await api.put("/web", "vm", ["vars": ["a": 1]])
            try await api.put("/lab", "folder")
            try await api.put("/lab/db", "vm")
            try await api.put("/hidden", "folder", ["access": ["may": ["manager": [], "reader": []]]])
            try await api.put("/hidden/safe", "vm", ["vars": ["answer": 42]])
            let fuzz = try await Schemathesis(
                daemon, places: ["web", "lab", "hidden", "new"],
                certnames: ["web.example", "db.lab.example", "safe.hidden.example"], random: random)

            let begun = try await api.send("GET", "/v1/whoami").revision
            let hidden = try await api.send("GET", "/v1/tree/hidden?recursive=true").body
            for name in ["rita", "mona", "admin"] {
                let outcome = try await fuzz.run(as: people[name] ?? api, seconds: 12)
                #expect(outcome.status == 0, "\(name), \(random): \(outcome.output.suffix(6000))\(outcome.errors)")
                #expect(try await api.send("GET", "/healthz").status == 200, "\(name), \(random)")
                switch name {
                case "rita": #expect(try await api.send("GET", "/v1/whoami").revision == begun, "\(random)")
                case "mona":
                    #expect(try await api.send("GET", "/v1/tree/hidden?recursive=true").body == hidden, "\(random)")
                default: break
                }
            }
            // Each route was asked, and not only refused what was asked.
            let figures = try await api.send("GET", "/metrics").text.split(separator: "\n")
            for route in try await api.get("/openapi.json")["paths"]?.map?.keys ?? [] {
                let name = route.text.replacing("{path}", with: "{path...}")
                #expect(try await api.count(route: name) > 0, "\(route), \(random)")
            }
            #expect(
                figures.contains { $0.contains("POST") && $0.contains("/v1/apply") && $0.contains("2xx") }, "\(random)")
        }
    }
}
