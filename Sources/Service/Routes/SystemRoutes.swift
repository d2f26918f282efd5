import Access
import HTTP
import Hypervisor
import OrderedCollections
import Store
import Tree

/// How the service itself is.
enum SystemRoutes {
    static let all: [ServiceRoute] = [
        .read(.get, "/healthz", .anybody, "whether the daemon is alive") { call in call.answer(["status": "ok"]) },
        .read(.get, "/readyz", .anybody, "whether it serves, and how its store and its hypervisors are", [], ready),
        .list("/metrics", .seesEverything, "figures as Prometheus reads them", []) { call in
            call.answer(
                200,
                Body(
                    call.parts.metrics.text(
                        call.snapshot, call.parts.operations.counts, call.parts.feed, call.parts.documents,
                        isWritable: call.parts.store.trouble == nil)),
                type: "text/plain; version=0.0.4; charset=utf-8")
        },
        .read(.get, "/openapi.json", .known, "this interface as OpenAPI 3.1") { call in
            call.answer(interface)
        },
    ]

    /// What is asked to know whether the service is to be left running.
    static let health: Set<String> = ["/healthz", "/readyz"]

    /// Made once, when it is first asked for.
    private static let interface = Value.map(OpenAPI.document(ServiceRoute.all))

    /// Names no hypervisor: this answer needs no token. One that nobody uses degrades nothing, whatever it says.
    private static func ready(_ call: Call) -> Response {
        let health = call.parts.observer.health
        let trouble = call.parts.store.trouble
        return call.answer([
            "status": health.usedDown == 0 && trouble == nil ? "ok" : "degraded",
            "store": trouble.map { $0 == .full ? "full" : "failing" } ?? "ok", "hypervisors": .integer(health.used),
            "hypervisorsDown": .integer(health.usedDown), "unusedHypervisors": .integer(health.unused),
            "unusedHypervisorsDown": .integer(health.unusedDown),
            "emulatingHypervisors": .integer(call.parts.hypervisors.emulating),
        ])
    }
}
