import OrderedCollections
import Tree

/// Long work, as the server tells of it.
struct Operation {
    let map: Map

    struct Step {
        /// RFC 3339.
        let time: String
        let text: String

        /// Whether it names what stays on a hypervisor of a machine that was taken away.
        var tellsWhatIsLeft: Bool { text.hasPrefix("left: ") || text.hasPrefix("forgets it; left behind") }
    }

    var id: Int { map["id"]?.integer ?? 0 }
    var verb: String { map["verb"]?.string ?? "" }
    var path: String { map["path"]?.string ?? "" }
    var state: String { map["state"]?.string ?? "" }
    var error: String? { map["error"]?.string }
    var principal: String { map["principal"]?.string ?? "" }
    var created: String { map["created"]?.string ?? "" }
    var ended: String? { map["ended"]?.string }
    var done: Int { map["progress"]?.map?["done"]?.integer ?? 0 }
    var total: Int { map["progress"]?.map?["total"]?.integer ?? 0 }

    var steps: [Step] {
        (map["steps"]?.maps ?? []).map {
            Step(time: $0["time"]?.string ?? "", text: $0["text"]?.string ?? "")
        }
    }

    /// Whether nothing more will happen.
    var hasEnded: Bool { ["done", "failed", "cancelled"].contains(state) }

    /// Why it failed, or what it does at the moment.
    var note: String { error ?? (hasEnded ? "" : steps.last?.text ?? "") }

    /// How it ended: `start /courses/so: done, 12 machines`.
    var ending: String {
        let machines = total == 1 ? nil : total == 0 ? "no machine" : "\(total) machines"
        return "\(title): \(state)" + ((state == "done" ? machines ?? error : error).map { ", \($0)" } ?? "")
    }

    /// What is done to what: `start /courses/so`.
    var title: String { "\(verb) \(path)" }
}
