import OrderedCollections
import Tree

/// A plan as people read it: entries, machines, what waits, what breaks; then all in one line.
struct PlanSummary {
    private let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// - Parameter view: the document whose differences to show; nil: those of the definitions.
    func text(_ terminal: Terminal, as view: ToolDocument? = nil) -> String {
        let hasColour = terminal.hasColour
        var lines: [String] = []
        func section(_ title: String, _ content: [String], _ name: String) {
            guard !content.isEmpty else { return }
            lines.append(Style.bold.apply(title, hasColour))
            lines += content.map { "  " + $0 }
            if let left = plan.map["left"]?.map?[name]?.integer { lines.append("  … and \(left) more") }
        }
        section("entries", (plan.map["changes"]?.maps ?? []).flatMap { entry($0, hasColour) }, "changes")
        let groups = plan.groups("affected")
        section(
            "machines", (view == nil ? PlanSummary.joined(groups) : groups).flatMap { affected($0, view, hasColour) },
            "affected")
        section("new certnames", plan.groups("renamed").flatMap { renamed($0, hasColour) }, "renamed")
        section("pending", plan.groups("pending").flatMap { pending($0, ("waits", "wait"), hasColour) }, "pending")
        section(
            "no longer pending", plan.groups("settled").flatMap { pending($0, ("waited", "waited"), hasColour) },
            "settled")
        section(
            "broken", plan.groups("problems").flatMap { faults($0, ("breaks", "break"), .red, hasColour) }, "problems")
        section(
            "folders", (plan.map["folders"]?.maps ?? []).map { "  " + Terminal.printable(Failure.line($0)) }, "folders")
        section(
            "mended", plan.groups("mended").flatMap { faults($0, ("is mended", "are mended"), .green, hasColour) },
            "mended")
        return (lines + [sum(hasColour)]).joined(separator: "\n")
    }

    /// `plan 41-9f86d081884c7d65: 2 entries, 41 of 412 machines affected, 3 pending`.
    private func sum(_ hasColour: Bool) -> String {
        let title = Style.bold.apply("plan \(plan.id)", hasColour)
        guard !plan.isEmpty else { return "\(title): nothing changes" }
        let entries = plan.count("entries") == 1 ? "1 entry" : "\(plan.count("entries")) entries"
        let reached = plan.count("reached")
        var parts = [
            entries,
            reached == 0 ? "no machine" : "\(plan.count("affected")) of \(machines(reached)) affected",
        ]
        for word in ["renamed", "pending", "mended"] where plan.count(word) > 0 {
            parts.append("\(plan.count(word)) \(word)")
        }
        if plan.count("broken") > 0 { parts.append(Style.red.apply("\(plan.count("broken")) broken", hasColour)) }
        return "\(title): \(parts.joined(separator: ", "))"
    }

    private func machines(_ count: Int) -> String { count == 1 ? "1 machine" : "\(count) machines" }
}

extension PlanSummary {
    /// The groups with all new machines in one, for of these only the names are told.
    private static func joined(_ groups: [Map]) -> [Map] {
        let created = groups.filter { $0["change"] == "created" }
        guard var all = created.first else { return groups }
        all["machines"] = .integer(created.reduce(0) { $0 + ($1["machines"]?.integer ?? 0) })
        all["listed"] = .list(Array(created.flatMap { $0["listed"]?.list ?? [] }.prefix(Plan.names)))
        return [all] + groups.filter { $0["change"] != "created" }
    }

    /// Of an entry that comes or goes only how much it says.
    private func entry(_ change: Map, _ hasColour: Bool) -> [String] {
        let keys = change["differences"]?.list?.count ?? 0
        guard change["change"] == "created" || change["change"] == "removed", keys > 0 else {
            return ChangeSummary(change).lines(hasColour)
        }
        var brief = change
        brief["differences"] = nil
        let note = keys == 1 ? "  1 key" : "  \(keys) keys"
        return ChangeSummary(brief).lines(hasColour).map { $0 + Style.dim.apply(note, hasColour) }
    }

    private func affected(_ group: Map, _ view: ToolDocument?, _ hasColour: Bool) -> [String] {
        let word = group["change"]?.string ?? ""
        let title = heading(group, PlanSummary.words[word] ?? (word, word), Style(change: word), hasColour)
        let documents = group["documents"]?.map ?? [:]
        if let view { return [title] + lines(documents[view.rawValue]?.maps ?? [], hasColour) }
        // All that is new of a new machine is what its entry and its folders say.
        guard word != "created" else { return [title] }
        let sight =
            documents.isEmpty ? "no tool sees it" : "seen in " + documents.keys.map(\.text).joined(separator: ", ")
        let differences = group["differences"]?.maps ?? []
        let isGone = word == "removed" || word == "destroyed"
        return [title] + lines(differences, hasColour) + (isGone ? [] : ["    " + Style.dim.apply(sight, hasColour)])
    }

    /// What follows the machine's new name has the same text before and after.
    private func lines(_ differences: [Map], _ hasColour: Bool) -> [String] {
        differences.flatMap { difference -> [String] in
            guard let after = difference["after"], difference["before"] == after else {
                return ChangeSummary.lines([difference], hasColour)
            }
            let text = Terminal.printable("    ~ \(difference["key"]?.string ?? ""): \(after.line)")
            return [Style.yellow.apply(text, hasColour)]
        }
    }

    private func renamed(_ group: Map, _ hasColour: Bool) -> [String] {
        let listed = group["listed"]?.maps ?? []
        let names = listed.map { name in
            Terminal.printable("\(name["formerly"]?.string ?? "") → \(name["certname"]?.string ?? "")")
        }
        let rest = (group["machines"]?.integer ?? 0) - listed.count
        return names + (rest > 0 ? ["… and \(rest) more"] : [])
    }

    private func pending(_ group: Map, _ words: (String, String), _ hasColour: Bool) -> [String] {
        let verb = group["verb"]?.string ?? ""
        let words = ("\(words.0) for a \(verb)", "\(words.1) for a \(verb)")
        let differences = (group["differences"]?.maps ?? []).map { difference in
            let text = { (name: String) in difference[name]?.line ?? "nothing" }
            return Terminal.printable(
                "    \(difference["key"]?.string ?? ""): \(text("applied")) applied, \(text("computed")) defined")
        }
        return [heading(group, words, .yellow, hasColour)] + differences
    }

    private func faults(_ group: Map, _ words: (String, String), _ style: Style, _ hasColour: Bool) -> [String] {
        let problems = (group["problems"]?.maps ?? []).map { "    " + Terminal.printable(Failure.line($0)) }
        return [heading(group, words, style, hasColour)] + problems
    }

    /// `41 machines change: a.lab, b.lab and 39 more`.
    private func heading(_ group: Map, _ words: (String, String), _ style: Style, _ hasColour: Bool) -> String {
        let count = group["machines"]?.integer ?? 0
        let listed = (group["listed"]?.maps ?? []).compactMap { $0["certname"]?.string }
        let rest = count > listed.count ? " and \(count - listed.count) more" : ""
        let title = "\(machines(count)) \(count == 1 ? words.0 : words.1)"
        return style.apply(title, hasColour) + ": " + Terminal.printable(listed.joined(separator: ", ")) + rest
    }

    /// What happens to one machine, and to several.
    private static let words = [
        "created": ("is created", "are created"), "changed": ("changes", "change"), "moved": ("moves", "move"),
        "renamed": ("is renamed", "are renamed"), "removed": ("is removed", "are removed"),
        "destroyed": ("is destroyed with its VM", "are destroyed with their VMs"),
    ]
}
