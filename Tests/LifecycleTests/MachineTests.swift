import Lifecycle
import Testing

@Suite("The life of a machine")
struct MachineTests {
    /// Tells a machine what happens, and checks what it wants done and where it stands after each.
    private func live(_ machine: inout Machine, _ story: [(Event, [Action], State)]) throws {
        for (event, actions, state) in story {
            #expect(try machine.on(event) == actions, "\(event)")
            #expect(machine.state == state, "\(event)")
        }
    }

    @Test("a machine is created, starts, stops and is destroyed")
    func wholeLife() throws {
        var machine = Machine()
        try live(
            &machine,
            [
                (.asked(.create), [.create], .provisioned),
                (.succeeded(.create), [], .created),
                (.asked(.start), [.start], .starting),
                (.succeeded(.start), [], .running),
                (.asked(.stop), [.stop(.orderly)], .stopping),
                (.succeeded(.stop(.orderly)), [], .stopped),
                (.asked(.start), [.start], .starting),
                (.succeeded(.start), [], .running),
                (.asked(.poweroff), [.stop(.forced)], .stopping),
                (.succeeded(.stop(.forced)), [], .stopped),
                (.asked(.destroy), [.destroy], .stopped),
                (.succeeded(.destroy), [], .provisioned),
            ])
    }

    @Test("a definition that fails leaves a failed machine that can be created again")
    func createFails() throws {
        var machine = Machine()
        try live(
            &machine,
            [
                (.asked(.create), [.create], .provisioned),
                (.failed(.create, reason: "no space left"), [], .failed),
            ])
        #expect(machine.failure == Failure(from: .provisioned, cause: .action, reason: "no space left"))
        try live(
            &machine,
            [(.asked(.create), [.create], .provisioned), (.succeeded(.create), [], .created)])
        #expect(machine.failure == nil)
    }

    @Test("a start that fails can be tried again, and reconcile finds out what is true")
    func startFails() throws {
        var machine = Machine(state: .created)
        try live(
            &machine,
            [
                (.asked(.start), [.start], .starting),
                (.failed(.start, reason: "no memory left"), [], .failed),
                (.asked(.start), [.start], .starting),
                (.failed(.start, reason: "no memory left"), [], .failed),
                (.asked(.reconcile), [.observe], .failed),
                (.failed(.observe, reason: "no answer"), [], .failed),
                (.asked(.reconcile), [.observe], .failed),
                (.found(.off), [], .stopped),
            ])
    }

    @Test("what was removed behind our back is failed with a reason, and provisioned once that was acknowledged")
    func vanishes() throws {
        var machine = Machine(state: .running)
        try live(&machine, [(.vanished, [], .failed)])
        #expect(
            machine.failure?.reason
                == "the hypervisor no longer has the VM: it was running when it was removed there; create makes it again, "
                + "with keepDisks on the disks that it left; where it was moved, unmanaged lists it and adopt takes it over; "
                + "reconcile takes the descriptor back to provisioned")
        var again = machine
        try live(&machine, [(.asked(.reconcile), [.observe], .failed), (.found(nil), [], .provisioned)])
        try live(&again, [(.asked(.create), [.create], .provisioned), (.succeeded(.create), [], .created)])
    }

    @Test("a reconcile that finds nothing says so before it forgets")
    func reconcileFindsNothing() throws {
        var machine = Machine(state: .stopped)
        try live(
            &machine,
            [
                (.asked(.reconcile), [.observe], .stopped), (.found(nil), [], .failed),
                (.asked(.reconcile), [.observe], .failed), (.found(nil), [], .provisioned),
            ])
    }

    @Test("a crash is failed with a reason; poweroff leaves it stopped for good, start tries it again")
    func crashes() throws {
        var machine = Machine(state: .running)
        try live(&machine, [(.observed(.crashed), [], .failed)])
        #expect(
            machine.failure?.reason
                == "the VM crashed on the hypervisor while it was running; start tries it again, poweroff leaves it stopped"
        )
        var other = machine
        try live(
            &machine,
            [
                (.asked(.poweroff), [.stop(.forced)], .stopping), (.succeeded(.stop(.forced)), [], .stopped),
                (.observed(.crashed), [], .stopped),
            ])
        try live(&other, [(.asked(.start), [.start], .starting), (.succeeded(.start), [], .running)])
    }

    @Test("a guest that shuts itself down, or is started behind our back, is seen")
    func behindOurBack() throws {
        var machine = Machine(state: .running)
        try live(
            &machine,
            [
                (.observed(.stopping), [], .stopping), (.observed(.off), [], .stopped),
                (.observed(.running), [], .running), (.observed(.paused), [], .paused),
                (.observed(.running), [], .running),
            ])
    }

    @Test("a machine that is still powered on by its hypervisor is starting, not paused")
    func poweredOn() throws {
        var machine = Machine(state: .stopped)
        try live(
            &machine,
            [
                (.asked(.start), [.start], .starting), (.observed(.starting), [], .starting),
                (.found(.starting), [], .starting), (.asked(.start), [.start], .starting),
                (.observed(.running), [], .running),
            ])
        var other = Machine(state: .stopped)
        try live(&other, [(.observed(.starting), [], .starting), (.observed(.running), [], .running)])
    }

    @Test("news do not end a wait: a machine that is asked to stop is stopping while it still runs")
    func newsDuringStop() throws {
        var machine = Machine(state: .running)
        try live(
            &machine,
            [
                (.asked(.stop), [.stop(.orderly)], .stopping), (.observed(.running), [], .stopping),
                (.observed(.off), [], .stopped), (.succeeded(.stop(.orderly)), [], .stopped),
            ])
        machine = Machine(state: .stopped)
        try live(
            &machine,
            [
                (.asked(.start), [.start], .starting), (.observed(.off), [], .starting),
                (.observed(.running), [], .running), (.succeeded(.start), [], .running),
            ])
    }

    @Test("rebuild destroys and creates; a destroy that fails ends it")
    func rebuild() throws {
        var machine = Machine(state: .running)
        try live(
            &machine,
            [
                (.asked(.rebuild), [.destroy, .create], .running), (.succeeded(.destroy), [], .provisioned),
                (.succeeded(.create), [], .created),
            ])
        machine = Machine(state: .stopped)
        try live(
            &machine,
            [(.asked(.rebuild), [.destroy, .create], .stopped), (.failed(.destroy, reason: "busy"), [], .failed)])
        #expect(machine.failure == Failure(from: .stopped, cause: .action, reason: "busy"))
    }

    @Test("a pause that fails leaves the machine running")
    func pauseFails() throws {
        var machine = Machine(state: .running)
        try live(
            &machine,
            [
                (.asked(.pause), [.pause], .running), (.failed(.pause, reason: "unsupported"), [], .running),
                (.asked(.pause), [.pause], .running), (.succeeded(.pause), [], .paused),
                (.asked(.resume), [.resume], .paused), (.succeeded(.resume), [], .running),
            ])
    }

    @Test("a provisioned descriptor adopts a VM that is there, and releases it again")
    func adopt() throws {
        var machine = Machine()
        try live(
            &machine,
            [
                (.asked(.adopt), [.observe], .provisioned), (.found(.running), [], .running),
                (.asked(.release), [.release], .running), (.succeeded(.release), [], .provisioned),
            ])
    }

    @Test("what is asked for a second time after an interruption is done again")
    func interrupted() throws {
        var machine = Machine(state: .starting)
        try live(&machine, [(.asked(.start), [.start], .starting)])
        machine = Machine(state: .stopping)
        try live(&machine, [(.asked(.stop), [.stop(.orderly)], .stopping)])
    }

    @Test("a refusal says the state, the verb and what would help")
    func refusals() throws {
        let cases: [(Machine, Verb, String)] = [
            (
                Machine(), .start,
                "cannot start while provisioned: the hypervisor has no VM for it; create it first"
            ),
            (
                Machine(state: .stopped), .pause,
                "cannot pause while stopped: the VM is off; start it first"
            ),
            (
                Machine(state: .paused), .stop,
                "cannot stop while paused: a paused guest cannot shut down; resume it first, or power it off"
            ),
            (
                Machine(state: .stopping), .start,
                "cannot start while stopping: the VM is still shutting down; wait until it is stopped, or power it off"
            ),
            (
                Machines.failed, .create,
                "cannot create while failed: the hypervisor may still have the VM; reconcile finds out, rebuild makes it "
                    + "anew"
            ),
            (
                Machines.gone, .start,
                "cannot start while failed: the hypervisor has no VM for it; create it first"
            ),
        ]
        for (machine, verb, text) in cases {
            var machine = machine
            let refusal = #expect(throws: Refusal.self) { try machine.on(.asked(verb)) }
            #expect(refusal?.description == text)
        }
    }
}
