import HTTP
import HashTreeCollections
import Lifecycle
import Synchronization
import Tree

/// Counts answers, and prints figures in Prometheus' text format 0.0.4.
final class Metrics: Sendable {
    /// The answers of one route, by the hundreds of their status.
    final class Counter: Sendable {
        let route: String
        let method: String
        private let successes = Atomic<Int>(0)
        private let redirections = Atomic<Int>(0)
        private let refusals = Atomic<Int>(0)
        private let failures = Atomic<Int>(0)

        init(_ route: ServiceRoute) {
            self.route = route.pattern
            method = route.method.rawValue
        }

        func count(_ status: Int) {
            switch status {
            case ..<300: successes.add(1, ordering: .relaxed)
            case ..<400: redirections.add(1, ordering: .relaxed)
            case ..<500: refusals.add(1, ordering: .relaxed)
            default: failures.add(1, ordering: .relaxed)
            }
        }

        var counts: [(hundreds: String, count: Int)] {
            [
                ("2xx", successes.load(ordering: .relaxed)), ("3xx", redirections.load(ordering: .relaxed)),
                ("4xx", refusals.load(ordering: .relaxed)), ("5xx", failures.load(ordering: .relaxed)),
            ]
        }
    }

    let counters: [Counter]

    init(_ routes: [ServiceRoute]) {
        counters = routes.map(Counter.init)
    }

    func text(
        _ snapshot: Snapshot, _ operations: Tally, _ feed: Feed, _ documents: DocumentCache, isWritable: Bool
    ) -> String {
        var text = ""
        func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        family(
            "headwater_http_requests_total", "counter", "Answers by route and status.",
            counters.flatMap { counter in
                counter.counts.filter { $0.count > 0 }.map {
                    ("{method=\"\(counter.method)\",route=\"\(counter.route)\",status=\"\($0.hundreds)\"}", $0.count)
                }
            })
        family("headwater_revision", "gauge", "The newest revision of the tree.", [("", snapshot.revision)])
        family("headwater_machines", "gauge", "Descriptors by state.", Metrics.states(snapshot))
        family(
            "headwater_broken_machines", "gauge", "Descriptors that are not served.",
            [("", snapshot.index.broken.count)])
        family(
            "headwater_documents_rendered_total", "counter", "Documents made; the others were there.",
            [("", documents.rendered)])
        family("headwater_operations", "gauge", "Operations that have not ended, by state.", operations.open)
        family("headwater_operations_total", "counter", "Operations that have ended since the start.", operations.ended)
        family(
            "headwater_store_writable", "gauge", "1 while the store can be written; 0 on a full disk.",
            [("", isWritable ? 1 : 0)])
        family("headwater_event_streams", "gauge", "Open event streams.", [("", feed.streams)])
        family(
            "process_resident_memory_bytes", "gauge", "Memory that the process has.",
            ProcessMemory.resident.map { [("", $0)] } ?? [])
        return text
    }

    private static func states(_ snapshot: Snapshot) -> [(labels: String, value: Int)] {
        var counts: [String: Int] = [:]
        for record in snapshot.records.values { counts[record.machine.state.rawValue, default: 0] += 1 }
        counts["provisioned", default: 0] += snapshot.index.listings.count - snapshot.records.count
        return counts.sorted { $0.key < $1.key }.map { ("{state=\"\($0.key)\"}", $0.value) }
    }
}
