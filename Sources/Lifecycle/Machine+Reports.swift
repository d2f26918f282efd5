/// What the end of an action means in each state.
extension Machine {
    mutating func succeeded(_ action: Action) {
        switch (action, state) {
        case (.create, .provisioned), (.create, .failed):
            enter(.created)
        case (.start, .created), (.start, .starting), (.start, .stopped), (.start, .failed):
            enter(.running)
        case (.stop, .running), (.stop, .paused), (.stop, .stopping), (.stop, .failed):
            enter(.stopped)
        case (.pause, .running):
            enter(.paused)
        case (.resume, .paused):
            enter(.running)
        case (.destroy, .provisioned), (.destroy, .created), (.destroy, .starting), (.destroy, .running),
            (.destroy, .paused), (.destroy, .stopping), (.destroy, .stopped), (.destroy, .failed),
            (.release, .provisioned), (.release, .created), (.release, .starting), (.release, .running),
            (.release, .paused), (.release, .stopping), (.release, .stopped), (.release, .failed):
            enter(.provisioned)

        // It was there already.
        case (.create, .created), (.create, .starting), (.create, .running), (.create, .paused), (.create, .stopping),
            (.create, .stopped):
            break
        // Overtaken by what was asked or seen since.
        case (.start, .provisioned), (.start, .running), (.start, .paused), (.start, .stopping),
            (.stop, .provisioned), (.stop, .created), (.stop, .starting), (.stop, .stopped),
            (.pause, .provisioned), (.pause, .created), (.pause, .starting), (.pause, .paused), (.pause, .stopping),
            (.pause, .stopped), (.pause, .failed),
            (.resume, .provisioned), (.resume, .created), (.resume, .starting), (.resume, .running),
            (.resume, .stopping), (.resume, .stopped), (.resume, .failed):
            break
        // The state is the same before and after.
        case (.update, .provisioned), (.update, .created), (.update, .starting), (.update, .running),
            (.update, .paused), (.update, .stopping), (.update, .stopped), (.update, .failed),
            (.reboot, .provisioned), (.reboot, .created), (.reboot, .starting), (.reboot, .running),
            (.reboot, .paused), (.reboot, .stopping), (.reboot, .stopped), (.reboot, .failed),
            (.reset, .provisioned), (.reset, .created), (.reset, .starting), (.reset, .running), (.reset, .paused),
            (.reset, .stopping), (.reset, .stopped), (.reset, .failed),
            (.observe, .provisioned), (.observe, .created), (.observe, .starting), (.observe, .running),
            (.observe, .paused), (.observe, .stopping), (.observe, .stopped), (.observe, .failed):
            break
        }
    }

    mutating func failed(_ action: Action, _ reason: String) {
        switch (action, state) {
        case (.create, .provisioned),
            (.create, .created), (.update, .created), (.start, .created), (.stop, .created), (.destroy, .created),
            (.create, .starting), (.update, .starting), (.start, .starting), (.stop, .starting), (.destroy, .starting),
            (.create, .running), (.update, .running), (.start, .running), (.stop, .running), (.destroy, .running),
            (.create, .paused), (.update, .paused), (.start, .paused), (.stop, .paused), (.destroy, .paused),
            (.create, .stopping), (.update, .stopping), (.start, .stopping), (.stop, .stopping), (.destroy, .stopping),
            (.create, .stopped), (.update, .stopped), (.start, .stopped), (.stop, .stopped), (.destroy, .stopped):
            fail(Failure(from: state, cause: .action, reason: reason))
        case (.create, .failed), (.update, .failed), (.start, .failed), (.stop, .failed), (.destroy, .failed):
            // Where it came from, and that the VM has gone, are as true as before.
            let cause: Failure.Cause = failure?.cause == .vanished ? .vanished : .action
            fail(Failure(from: failure?.from ?? state, cause: cause, reason: reason))
        // Overtaken: there is no VM any more that this could be about.
        case (.update, .provisioned), (.start, .provisioned), (.stop, .provisioned), (.destroy, .provisioned):
            break
        // The VM is as it was; whoever asked is told.
        case (.reboot, _), (.reset, _), (.pause, _), (.resume, _), (.observe, _), (.release, _):
            break
        }
    }
}
