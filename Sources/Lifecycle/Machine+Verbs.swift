/// What each verb does in each state.
extension Machine {
    mutating func asked(_ verb: Verb) throws(Refusal) -> [Action] {
        switch (verb, state) {
        case (.create, .provisioned):
            return [.create]
        case (.create, .failed):
            guard isGone else {
                throw refusal(verb, "the hypervisor may still have the VM; reconcile finds out, rebuild makes it anew")
            }
            enter(.provisioned)
            return [.create]
        case (.create, .created), (.create, .starting), (.create, .running), (.create, .paused), (.create, .stopping),
            (.create, .stopped):
            return []

        case (.start, .created), (.start, .starting), (.start, .stopped):
            enter(.starting)
            return [.start]
        case (.start, .failed):
            guard !isGone else { throw noMachine(verb) }
            enter(.starting)
            return [.start]
        case (.start, .running):
            return []
        case (.start, .paused):
            throw refusal(verb, "the VM is on already; resume lets it go on")
        case (.start, .stopping):
            throw refusal(verb, "the VM is still shutting down; wait until it is stopped, or power it off")

        case (.stop, .starting), (.stop, .running), (.stop, .stopping):
            enter(.stopping)
            return [.stop(.orderly)]
        case (.poweroff, .starting), (.poweroff, .running), (.poweroff, .stopping), (.poweroff, .paused):
            enter(.stopping)
            return [.stop(.forced)]
        case (.stop, .failed), (.poweroff, .failed):
            guard !isGone else { throw noMachine(verb) }
            enter(.stopping)
            return [.stop(verb == .stop ? .orderly : .forced)]
        case (.stop, .paused):
            throw refusal(verb, "a paused guest cannot shut down; resume it first, or power it off")
        case (.stop, .created), (.stop, .stopped), (.poweroff, .created), (.poweroff, .stopped):
            return []

        case (.reboot, .running):
            return [.reboot]
        case (.reset, .running):
            return [.reset]
        case (.pause, .running):
            return [.pause]
        case (.resume, .paused):
            return [.resume]
        case (.pause, .paused), (.resume, .running):
            return []
        case (.reboot, .paused), (.reset, .paused):
            throw refusal(verb, "only a running VM can do that; resume it first")
        case (.reboot, .created), (.reboot, .stopped), (.reset, .created), (.reset, .stopped), (.pause, .created),
            (.pause, .stopped), (.resume, .created), (.resume, .stopped):
            throw refusal(verb, "the VM is off; start it first")
        case (.reboot, .starting), (.reset, .starting), (.pause, .starting), (.resume, .starting):
            throw refusal(verb, "the VM is still starting; wait until it runs")
        case (.reboot, .stopping), (.reset, .stopping), (.pause, .stopping), (.resume, .stopping):
            throw refusal(verb, "the VM is shutting down; wait until it is stopped, then start it")
        case (.reboot, .failed), (.reset, .failed), (.pause, .failed), (.resume, .failed):
            guard !isGone else { throw noMachine(verb) }
            throw refusal(verb, "what the VM does is not known; reconcile finds out")

        case (.destroy, .provisioned):
            return []
        case (.destroy, .created), (.destroy, .starting), (.destroy, .running), (.destroy, .paused),
            (.destroy, .stopping), (.destroy, .stopped), (.destroy, .failed):
            return [.destroy]
        case (.rebuild, .created), (.rebuild, .starting), (.rebuild, .running), (.rebuild, .paused),
            (.rebuild, .stopping), (.rebuild, .stopped), (.rebuild, .failed):
            return [.destroy, .create]

        case (.reconcile, .provisioned), (.reconcile, .created), (.reconcile, .starting), (.reconcile, .running),
            (.reconcile, .paused), (.reconcile, .stopping), (.reconcile, .stopped), (.reconcile, .failed):
            return [.observe]
        case (.adopt, .provisioned):
            return [.observe]
        case (.adopt, .created), (.adopt, .starting), (.adopt, .running), (.adopt, .paused), (.adopt, .stopping),
            (.adopt, .stopped):
            throw refusal(verb, "the descriptor has a VM already; release or destroy that one first")
        case (.adopt, .failed):
            guard !isGone else { return [.observe] }
            throw refusal(verb, "only a provisioned descriptor can take over a VM; reconcile first")

        case (.release, .created), (.release, .running), (.release, .paused), (.release, .stopped):
            return [.release]
        case (.release, .failed):
            guard !isGone else { throw noMachine(verb) }
            return [.release]
        case (.release, .starting), (.release, .stopping):
            throw refusal(verb, "an action is under way; wait for its end")

        case (.start, .provisioned), (.stop, .provisioned), (.poweroff, .provisioned), (.reboot, .provisioned),
            (.reset, .provisioned), (.pause, .provisioned), (.resume, .provisioned), (.rebuild, .provisioned),
            (.release, .provisioned):
            throw noMachine(verb)
        }
    }

    private func refusal(_ verb: Verb, _ reason: String) -> Refusal {
        Refusal(state: state, verb: verb, reason: reason)
    }

    private func noMachine(_ verb: Verb) -> Refusal {
        refusal(verb, "the hypervisor has no VM for it; create it first")
    }
}
