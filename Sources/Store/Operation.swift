public import Tree

/// Long work on a machine, or on the machines of a folder.
public struct Operation: Hashable, Sendable, Identifiable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case queued, running, done, failed, cancelled

        /// Whether nothing more will happen.
        public var isEnd: Bool {
            switch self {
            case .queued, .running: false
            case .done, .failed, .cancelled: true
            }
        }
    }

    /// Something that happened on the way.
    public struct Step: Hashable, Sendable {
        /// In milliseconds since 1970-01-01T00:00:00Z.
        public let time: Int
        /// What happened, for people.
        public let text: String

        public init(time: Int, text: String) {
            self.time = time
            self.text = text
        }
    }

    /// Numbered by the store from 1 upward; 0 for one that was not stored yet.
    public internal(set) var id: Int
    /// The operation that this one is part of.
    public internal(set) var parent: Int?
    /// What is done: `create`, `start`, …
    public let verb: String
    /// Where the entry that it is done to stood when it was asked for.
    public let path: Path
    /// The machine that it is done to, wherever it stands; nil for one that is made of parts.
    public let machine: EntryID?
    /// Who asked for it.
    public let principal: String
    /// When it was asked for, in milliseconds since 1970-01-01T00:00:00Z.
    public let created: Int
    public var state: State
    /// Which making of the machine it was accepted for, of those that its descriptor has had; nil: that is not known, as of
    /// what waits for another operation.
    public var build: Int?
    /// How many of ``total`` parts are done.
    public var done: Int
    public var total: Int
    public var steps: [Step]
    /// Why it failed.
    public var error: String?
    /// When it began, in milliseconds since 1970-01-01T00:00:00Z.
    public var started: Int?
    /// When it ended, in milliseconds since 1970-01-01T00:00:00Z.
    public var ended: Int?

    public init(
        id: Int = 0, parent: Int? = nil, verb: String, path: Path, machine: EntryID? = nil, state: State = .queued,
        build: Int? = nil, done: Int = 0, total: Int = 1, steps: [Step] = [],
        error: String? = nil, principal: String, created: Int, started: Int? = nil, ended: Int? = nil
    ) {
        self.id = id
        self.parent = parent
        self.verb = verb
        self.path = path
        self.machine = machine
        self.state = state
        self.build = build
        self.done = done
        self.total = total
        self.steps = steps
        self.error = error
        self.principal = principal
        self.created = created
        self.started = started
        self.ended = ended
    }
}
