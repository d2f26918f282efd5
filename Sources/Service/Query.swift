/// A query that a route knows; any other is refused, and the API's description lists the same.
struct Query: Sendable {
    let name: String
    /// What it does, in a few words for people.
    let summary: String

    static let at = Query(
        name: "at", summary: "answer as of this revision, or this time: 2026-11-17T08:00:00Z, 2026-11-17")
    static let selector = Query(name: "selector", summary: "only the machines that this selector means")
    static let vars = Query(name: "vars", summary: "which variables to give: all, connection or none; default all")
    static let force = Query(name: "force", summary: "accept that machines become broken, or are taken their image")
    static let message = Query(name: "message", summary: "why, for the history")
    static let plan = Query(name: "plan", summary: "only if the change still does what the plan of this id says")
    static let forget = Query(
        name: "forget",
        summary: "where the hypervisor does not do it, forget the VM and name what is left behind; needs trust as well")
    static let write = [force, message, plan]
}
