public import Lifecycle
public import Tree

/// What every hypervisor can do. Every call can be repeated: what is done already is done.
public protocol Driver: Sendable {
    /// Makes the machine and its disks, powered off; leaves nothing behind when it fails. What it has begun when it is given
    /// up is taken away by the next call, or by `destroy`.
    ///
    /// A machine of ours that is there already with these disks is as it should be. A disk whose volume is there without a machine is never
    /// made anew: it is refused, or with `keepDisks` taken up as it is.
    /// - Returns: the names of the disks that were there.
    @discardableResult
    func create(_ specification: Specification, keepDisks: Bool) async throws(DriverError) -> [String]

    /// Whether `create` would find all that it needs, once the machine of that UUID and its disks have gone: fails as that
    /// would. The room that it takes is kept for it until it is made, or `destroy` fails.
    /// - Parameter disks: those that go with the machine.
    func check(_ specification: Specification, replacing disks: [Disk]) async throws(DriverError)

    /// Writes what differs between two specifications of what a machine runs with (processors, memory, cards, CD drives,
    /// boot order, limits), for its next start. Nothing else of the machine is touched.
    func update(_ before: Specification, to after: Specification) async throws(DriverError)

    func start(_ id: EntryID) async throws(DriverError)

    /// Asks the guest to shut down, and cuts the power when `grace` is over; with no grace, at once.
    func stop(_ id: EntryID, grace: Duration) async throws(DriverError)

    /// Removes the machine, running or not, and those of its disks that `create` made; never an image. Absent is done.
    ///
    /// Nothing is done, and the error says why, if one of `disks` is not what the machine has by now. With `keepDisks` all
    /// of them stay, whatever they are.
    /// - Parameter disks: those that `create` was told of.
    /// - Returns: the places of the disks that the machine had and that are left.
    func destroy(_ id: EntryID, disks: [Disk], keepDisks: Bool) async throws(DriverError) -> [String]

    /// How the machine is; nil: the hypervisor has none of that UUID.
    func observe(_ id: EntryID) async throws(DriverError) -> Observation?

    /// All machines that the hypervisor has, ours and others.
    func list() async throws(DriverError) -> [Observation]
}

/// A driver that can hold a machine still.
public protocol Pausing: Driver {
    func pause(_ id: EntryID) async throws(DriverError)
    func resume(_ id: EntryID) async throws(DriverError)
}

/// A driver that can restart a running machine.
public protocol Resetting: Driver {
    /// Asks the guest to restart.
    func reboot(_ id: EntryID) async throws(DriverError)
    /// Restarts as the reset button does.
    func reset(_ id: EntryID) async throws(DriverError)
}

/// A driver that can start machines when the hypervisor's host starts.
public protocol Autostarting: Driver {
    /// Says whether it does so with a machine, whatever the machine does at the moment.
    func setAutostart(_ isOn: Bool, of id: EntryID) async throws(DriverError)
}

/// A driver that can give a machine away.
public protocol Releasing: Driver {
    /// Takes our mark from the machine, which stays as it is with its disks.
    func release(_ id: EntryID) async throws(DriverError)
}

/// A driver that can say how to get at a machine's screen and its serial line.
public protocol Consoling: Driver {
    /// The consoles of a machine that is on; empty: it has none.
    func consoles(_ id: EntryID) async throws(DriverError) -> [Console]
}

/// A driver that can look for images.
public protocol Imaging: Driver {
    /// What there is of an image; an error of the kind `notFound` says what is missing. Changes nothing.
    func find(_ image: Image) async throws(DriverError) -> StoredImage
}
