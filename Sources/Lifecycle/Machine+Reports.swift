/// What the end of an action means in each state.
extension Machine {
    mutating func succeeded(_ action: Action) {
        switch (action, state) {
        case (.define, .provisioned), (.define, .failed):
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

        // The definition was written again.
        case (.define, .created), (.define, .starting), (.define, .running), (.define, .paused), (.define, .stopping),
            (.define, .stopped):
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
        case (.reboot, .provisioned), (.reboot, .created), (.reboot, .starting), (.reboot, .running),
            (.reboot, .paused), (.reboot, .stopping), (.reboot, .stopped), (.reboot, .failed),
            (.reset, .provisioned), (.reset, .created), (.reset, .starting), (.reset, .running), (.reset, .paused),
            (.reset, .stopping), (.reset, .stopped), (.reset, .failed),
            (.observe, .provisioned), (.observe, .created), (.observe, .starting), (.observe, .running),
            (.observe, .paused), (.observe, .stopping), (.observe, .stopped), (.observe, .failed):
            break
        }
    }

    mutating func failed(_ action: Action, _ reason: String) {
        switch action {
        case .define, .start, .stop, .destroy:
            fail(Failure(from: failure?.from ?? state, cause: isVanished ? .vanished : .action, reason: reason))
        // The VM is as it was; the one who asked is told.
        case .reboot, .reset, .pause, .resume, .observe, .release:
            break
        }
    }

    private var isVanished: Bool { failure?.cause == .vanished }
}
