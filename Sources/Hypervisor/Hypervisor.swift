/// Hypervisor: machines on hypervisors.
///
/// `Connections` hands out a `Driver` for an `Endpoint` of a definition: `libvirt` for any URI that libvirt knows,
/// `memory` for machines that exist in this process alone. What only some drivers can do is a small protocol of its own
/// (`Pausing`, `Resetting`, `Autostarting`, `Releasing`, `Consoling`, `Imaging`), asked for with `as?`. `Connections.changes` says, as it
/// happens, which machines are worth a look.
///
/// It may import `Lifecycle`, `Tree`, `CLibvirt`, swift-log and Foundation; no type of C appears outside it.
/// Every failure is a `DriverError` that says which hypervisor, which machine and what it said; nothing traps.
/// Calls name machines by UUID and can be repeated. A call that blocks runs on a thread that belongs to its hypervisor, so
/// that a hung one holds up nobody else; all types are Sendable and can be used from any task.
/// It does not decide what is to be done, keeps no state of its own about machines, and does not know the tree.
