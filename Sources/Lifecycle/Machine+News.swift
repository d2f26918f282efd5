/// What it means in each state to hear how the VM is.
extension Machine {
    /// The answer to a question of ours: it is the truth.
    mutating func found(_ power: Power?) {
        switch (power, state) {
        case (nil, .provisioned), (nil, .failed):
            enter(.provisioned)
        case (nil, .created), (nil, .starting), (nil, .running), (nil, .paused), (nil, .stopping), (nil, .stopped):
            fail(.vanished(from: state))
        case (.off, .provisioned), (.off, .created):
            enter(.created)
        case (.off, .failed):
            enter(failure?.from == .provisioned || failure?.from == .created ? .created : .stopped)
        case (.off, .starting), (.off, .running), (.off, .paused), (.off, .stopping), (.off, .stopped):
            enter(.stopped)
        case (.starting, .provisioned), (.starting, .created), (.starting, .starting), (.starting, .running),
            (.starting, .paused), (.starting, .stopping), (.starting, .stopped), (.starting, .failed):
            enter(.starting)
        case (.running, .provisioned), (.running, .created), (.running, .starting), (.running, .running),
            (.running, .paused), (.running, .stopping), (.running, .stopped), (.running, .failed):
            enter(.running)
        case (.paused, .provisioned), (.paused, .created), (.paused, .starting), (.paused, .running),
            (.paused, .paused), (.paused, .stopping), (.paused, .stopped), (.paused, .failed):
            enter(.paused)
        case (.stopping, .provisioned), (.stopping, .created), (.stopping, .starting), (.stopping, .running),
            (.stopping, .paused), (.stopping, .stopping), (.stopping, .stopped), (.stopping, .failed):
            enter(.stopping)
        case (.crashed, .provisioned), (.crashed, .created), (.crashed, .starting), (.crashed, .running),
            (.crashed, .paused), (.crashed, .stopping), (.crashed, .stopped):
            fail(.crashed(from: state))
        case (.crashed, .failed):
            fail(.crashed(from: failure?.from ?? state))
        }
    }

    /// News of a VM that the hypervisor has.
    mutating func observed(_ power: Power) {
        switch (state, power) {
        case (.created, .starting), (.created, .running), (.created, .paused), (.created, .stopping),
            (.created, .crashed),
            (.running, .off), (.running, .starting), (.running, .paused), (.running, .stopping), (.running, .crashed),
            (.paused, .off), (.paused, .starting), (.paused, .running), (.paused, .stopping), (.paused, .crashed),
            (.stopped, .starting), (.stopped, .running), (.stopped, .paused), (.stopped, .stopping),
            (.starting, .running), (.starting, .paused), (.starting, .crashed),
            (.stopping, .off), (.stopping, .crashed):
            found(power)
        case (.created, .off), (.starting, .starting), (.running, .running), (.paused, .paused), (.stopped, .off),
            (.stopping, .stopping):
            break
        // How it ended is known, and has been dealt with.
        case (.stopped, .crashed):
            break
        // Not yet there; the action's report tells.
        case (.starting, .off), (.starting, .stopping), (.stopping, .starting), (.stopping, .running),
            (.stopping, .paused):
            break
        // A VM that is being made, or was left behind: reconcile takes it up.
        case (.provisioned, .off), (.provisioned, .starting), (.provisioned, .running), (.provisioned, .paused),
            (.provisioned, .stopping), (.provisioned, .crashed):
            break
        // A failure stays until somebody acts.
        case (.failed, .off), (.failed, .starting), (.failed, .running), (.failed, .paused), (.failed, .stopping),
            (.failed, .crashed):
            break
        }
    }

    /// News that the hypervisor no longer has the VM, or not as one of ours.
    mutating func vanished(_ failure: (State) -> Failure) {
        switch state {
        case .created, .starting, .running, .paused, .stopping, .stopped:
            fail(failure(state))
        case .failed:
            fail(failure(self.failure?.from ?? state))
        case .provisioned:
            break
        }
    }
}
