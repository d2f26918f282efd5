import Lifecycle
import TestSupport
import Testing

@Suite("Random histories of a machine")
struct HistoryTests {
    /// A hypervisor with one VM, which does what it is told, fails as it pleases, and is meddled with.
    private struct Host {
        var power: Power?

        /// The report of an action.
        mutating func act(_ action: Action, isFailing: Bool) -> Event {
            if isFailing { return .failed(action, reason: "no answer") }
            switch action {
            case .observe: return .found(power)
            case .create: power = power ?? .off
            case .destroy: power = nil
            case .release: power = nil
            case .update where power != nil: break
            case .start where power != nil: power = .running
            case .stop where power != nil: power = .off
            case .pause where power == .running: power = .paused
            case .resume where power == .paused: power = .running
            case .reboot where power == .running, .reset where power == .running: break
            case .update, .start, .stop, .pause, .resume, .reboot, .reset:
                return .failed(action, reason: "not possible")
            }
            return .succeeded(action)
        }

        var news: Event { power.map(Event.observed) ?? .vanished }

        func agrees(with machine: Machine) -> Bool {
            switch power {
            case nil: machine.state == .provisioned
            case .off: machine.state == .created || machine.state == .stopped
            case .starting: machine.state == .starting
            case .running: machine.state == .running
            case .paused: machine.state == .paused
            case .stopping: machine.state == .stopping
            case .crashed: machine.failure?.cause == .crashed
            }
        }
    }

    @Test("whatever happened, two reconciles bring machine and hypervisor to agree")
    func agree() throws {
        var random = Seeded()
        for _ in 0..<2000 {
            var machine = Machine()
            var host = Host()
            var story: [String] = []
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                switch Int.random(in: 0..<10, using: &random) {
                case 0..<6:
                    let verb = Verb.allCases.randomElement(using: &random) ?? .start
                    story.append("asked \(verb)")
                    guard let actions = try? machine.on(.asked(verb)) else { continue }
                    for action in actions {
                        let report = host.act(action, isFailing: Int.random(in: 0..<5, using: &random) == 0)
                        story.append("\(report)")
                        _ = try machine.on(report)
                        if case .failed = report { break }
                    }
                case 6..<7:
                    if host.power != nil { host.power = Power.allCases.randomElement(using: &random) }
                    story.append("meddled: \(String(describing: host.power))")
                case 7..<8:
                    host.power = nil
                    story.append("removed")
                case 8..<9:
                    let late = Machines.reports.randomElement(using: &random) ?? .vanished
                    story.append("late: \(late)")
                    _ = try machine.on(late)
                default:
                    story.append("\(host.news)")
                    _ = try machine.on(host.news)
                }
                #expect((machine.state == .failed) == (machine.failure != nil), "\(random): \(story)")
            }
            for _ in 0..<2 {
                #expect(try machine.on(.asked(.reconcile)) == [.observe], "\(random): \(story)")
                _ = try machine.on(host.act(.observe, isFailing: false))
            }
            #expect(host.agrees(with: machine), "\(random): \(story), \(host) and \(machine)")
        }
    }
}
