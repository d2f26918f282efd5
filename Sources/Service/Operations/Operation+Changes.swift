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
