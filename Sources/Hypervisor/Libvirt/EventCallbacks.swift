import CLibvirt
import Tree

// What libvirt calls on the thread that serves its events. `watchers` are those to tell, kept by the registration.

/// Tells that something happened to a domain, which is borrowed.
private func tell(_ watchers: UnsafeMutableRawPointer?, _ domain: virDomainPtr?) {
    guard let watchers, let domain, let id = EntryID(of: domain) else { return }
    Unmanaged<Watchers>.fromOpaque(watchers).takeUnretainedValue().tell(id)
}

/// A domain was defined, undefined, started, paused, resumed, stopped, or has crashed.
func onLifecycle(
    connection: virConnectPtr?, domain: virDomainPtr?, event: CInt, detail: CInt, watchers: UnsafeMutableRawPointer?
) -> CInt {
    tell(watchers, domain)
    return 0
}

/// A guest restarted.
func onReboot(connection: virConnectPtr?, domain: virDomainPtr?, watchers: UnsafeMutableRawPointer?) {
    tell(watchers, domain)
}

/// A device was plugged in, or out.
func onDevice(
    connection: virConnectPtr?, domain: virDomainPtr?, device: UnsafePointer<CChar>?, watchers: UnsafeMutableRawPointer?
) {
    tell(watchers, domain)
}

/// A job on a disk ended or turned over, such as the merge of a snapshot, and the disk may be another file.
func onBlockJob(
    connection: virConnectPtr?, domain: virDomainPtr?, disk: UnsafePointer<CChar>?, type: CInt, status: CInt,
    watchers: UnsafeMutableRawPointer?
) {
    tell(watchers, domain)
}

/// What is kept beside a domain changed, such as our mark.
func onMetadata(
    connection: virConnectPtr?, domain: virDomainPtr?, kind: CInt, namespace: UnsafePointer<CChar>?,
    watchers: UnsafeMutableRawPointer?
) {
    tell(watchers, domain)
}

/// A registration is over.
func onDeregistered(watchers: UnsafeMutableRawPointer?) {
    if let watchers { Unmanaged<Watchers>.fromOpaque(watchers).release() }
}
