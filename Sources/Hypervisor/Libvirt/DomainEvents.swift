import CLibvirt

/// Hears what a connection's hypervisor says of its domains, until it is ended.
///
/// A hypervisor that says nothing of a kind is not asked for it again; where it says nothing at all, only asking finds out.
struct DomainEvents {
    private let connection: OpaquePointer
    private let registrations: [CInt]

    /// - Parameter connection: which must outlive this; it does not end while events are registered on it.
    init(_ connection: OpaquePointer, telling watchers: Watchers) {
        self.connection = connection
        let started: virConnectDomainEventCallback = onLifecycle
        let rebooted: virConnectDomainEventGenericCallback = onReboot
        let added: virConnectDomainEventDeviceAddedCallback = onDevice
        let removed: virConnectDomainEventDeviceRemovedCallback = onDevice
        let merged: virConnectDomainEventBlockJobCallback = onBlockJob
        let marked: virConnectDomainEventMetadataChangeCallback = onMetadata
        // libvirt takes each kind of function as one kind, and calls it as what it is (VIR_DOMAIN_EVENT_CALLBACK).
        let callbacks: [(virDomainEventID, virConnectDomainEventGenericCallback)] = [
            (VIR_DOMAIN_EVENT_ID_LIFECYCLE, unsafeBitCast(started, to: virConnectDomainEventGenericCallback.self)),
            (VIR_DOMAIN_EVENT_ID_REBOOT, rebooted),
            (VIR_DOMAIN_EVENT_ID_DEVICE_ADDED, unsafeBitCast(added, to: virConnectDomainEventGenericCallback.self)),
            (VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED, unsafeBitCast(removed, to: virConnectDomainEventGenericCallback.self)),
            (VIR_DOMAIN_EVENT_ID_BLOCK_JOB, unsafeBitCast(merged, to: virConnectDomainEventGenericCallback.self)),
            (VIR_DOMAIN_EVENT_ID_METADATA_CHANGE, unsafeBitCast(marked, to: virConnectDomainEventGenericCallback.self)),
        ]
        registrations = callbacks.compactMap { event, callback in
            let kept = Unmanaged.passRetained(watchers)
            let number = virConnectDomainEventRegisterAny(
                connection, nil, CInt(event.rawValue), callback, kept.toOpaque(), onDeregistered)
            // One that is refused gives nothing back.
            if number < 0 { kept.release() }
            return number < 0 ? nil : number
        }
    }

    func end() {
        for number in registrations { virConnectDomainEventDeregisterAny(connection, number) }
    }
}
