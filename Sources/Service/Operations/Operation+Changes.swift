import Store

extension Operation {
    /// - Parameter build: which one its machine is now.
    mutating func begin(_ build: Int?) {
        state = .running
        self.build = self.build ?? build
        started = started ?? Clock.now
    }

    mutating func add(_ step: String) {
        steps.append(Step(time: Clock.now, text: step.storable))
    }

    /// As it is when somebody has given it up: ended if it had not begun, else with a step that says so.
    ///
    /// - Parameter isWaiting: whether it waits for its hypervisor to be asked again.
    func cancelled(whileWaiting isWaiting: Bool) -> Operation {
        guard state != .queued else { return ended(.cancelled, nil) }
        var operation = self
        let what = isWaiting ? "the hypervisor is not asked again" : "what the hypervisor is working on is let end"
        operation.add(Operation.cancellation + what)
        return operation
    }

    /// Whether somebody gave it up after it had begun.
    var isCancelled: Bool { steps.contains { $0.text.hasPrefix(Operation.cancellation) } }

    private static let cancellation = "cancelled: "

    func ended(_ state: State, _ error: String?) -> Operation {
        var operation = self
        operation.state = state
        operation.error = error?.storable
        operation.ended = Clock.now
        if state == .done { operation.done = total }
        return operation
    }
}

extension String {
    /// Without U+0000, which no hypervisor's message should hold, and with which none could be kept.
    fileprivate var storable: String { contains("\0") ? replacing("\0", with: "\u{FFFD}") : self }
}
