import Foundation
import Lifecycle
import Testing

@Suite("The documented table of states")
struct TableTests {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/lifecycle.md").standardizedFileURL

    @Test("docs/lifecycle.md says what the machine does")
    func table() throws {
        guard ProcessInfo.processInfo.environment["HEADWATER_RECORD"] == nil else {
            try Data(Self.document.utf8).write(to: Self.file)
            Issue.record("docs/lifecycle.md was recorded; run again without HEADWATER_RECORD")
            return
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == Self.document)
    }

    private static var document: String {
        """
        # The life of a machine

        What each verb and each piece of news does in each state. This page is printed from the machine itself
        (`Sources/Lifecycle`); a test holds it.

        *failed* is a machine that the hypervisor may have; *failed, gone* is one that it certainly does not have.
        A dot changes nothing and has nothing done.

        What a machine is brought to when nobody asks for a verb, `wanted`, is in [Definitions](definitions.md#the-machine).

        ## What is asked for

        In each cell: what is done on the hypervisor, and the state that the machine takes at once. A number is a refusal,
        explained below.

        \(verbs)

        ## What was done

        In each cell: the state that the machine takes when the action has ended.

        \(table(Machines.reports, cell))

        ## What was seen

        *found* answers a question of ours and is the truth; *observed*, *vanished* and *disowned* are news that came by themselves.
        A VM is *disowned* when somebody takes the mark of our VMs from it: for us it is gone.

        \(table(Machines.news, cell))

        """
    }

    private static var verbs: String {
        var reasons: [String] = []
        let rows = table(Verb.allCases.map(Event.asked)) { machine, event in
            var after = machine
            do throws(Refusal) {
                let actions = try after.on(event)
                let done = actions.map(\.description).joined(separator: ", ")
                let state = after.state == machine.state ? "" : "→ \(after.state)"
                let text = [done, state].filter { !$0.isEmpty }.joined(separator: " ")
                return text.isEmpty ? "·" : text
            } catch {
                let index = reasons.firstIndex(of: error.reason) ?? reasons.count
                if index == reasons.count { reasons.append(error.reason) }
                return "(\(index + 1))"
            }
        }
        return rows + "\n\n" + reasons.enumerated().map { "\($0 + 1). \($1)" }.joined(separator: "\n")
    }

    private static func cell(_ machine: Machine, _ event: Event) -> String {
        var after = machine
        _ = try? after.on(event)
        return after == machine ? "·" : Machines.name(after)
    }

    private static func table(_ events: [Event], _ cell: (Machine, Event) -> String) -> String {
        let header = [""] + Machines.all.map(Machines.name)
        let rows = events.map { event in [name(event)] + Machines.all.map { cell($0, event) } }
        return ([header, header.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }
            .joined(separator: "\n")
    }

    private static func name(_ event: Event) -> String {
        switch event {
        case .asked(let verb): "**\(verb.rawValue)**"
        case .succeeded(let action): "\(action) succeeded"
        case .failed(let action, _): "\(action) failed"
        case .found(let power): "found \(power?.rawValue ?? "nothing")"
        case .observed(let power): "observed \(power.rawValue)"
        case .vanished: "vanished"
        case .disowned: "disowned"
        }
    }
}
