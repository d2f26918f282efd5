public import OrderedCollections
public import Tree

/// What a machine is to do while nobody asks anything of it: the key `wanted` of its definition.
public struct Wanted: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case running
        case stopped
    }

    public var state: State
    /// Whether the service restores it by itself, and not only when somebody asks to reconcile.
    public var isKept: Bool

    public init(_ state: State, isKept: Bool = false) {
        self.state = state
        self.isKept = isKept
    }

    /// Reads `wanted: running` and `wanted: {state: running, keep: true}` from a computed definition; nil where nothing is
    /// wanted.
    public init?(definition: Map) {
        guard let wanted = definition["wanted"],
            let state = (wanted.string ?? wanted.map?["state"]?.string).flatMap(State.init)
        else { return nil }
        self.init(state, isKept: wanted.map?["keep"] == true)
    }

    /// What restores it; nil where it holds, where something is under way, where somebody holds the machine still, and where
    /// there is no VM.
    public func remedy(for machine: Machine) -> Verb? {
        switch (state, machine.state) {
        case (.running, .created), (.running, .stopped): .start
        case (.stopped, .running): .stop
        case (_, .failed): machine.isGone ? nil : state == .running ? .start : .stop
        case (_, .provisioned), (_, .starting), (_, .stopping), (_, .paused), (.running, .running),
            (.stopped, .created), (.stopped, .stopped):
            nil
        }
    }

    /// Whether a verb leads away from it.
    public func isOverridden(by verb: Verb) -> Bool {
        switch (state, verb) {
        case (.running, .stop), (.running, .poweroff), (.running, .pause), (.stopped, .start), (.stopped, .resume): true
        default: false
        }
    }
}
