import CLibvirt
import Foundation

/// What is set up in libvirt once for the whole process, before the first connection.
enum LibvirtLibrary {
    /// Whether the library is usable.
    static let isReady: Bool = {
        virSetErrorFunc(nil, swallowError)
        guard virInitialize() >= 0, virEventRegisterDefaultImpl() >= 0 else { return false }
        Thread.detachNewThread(serveEvents)
        return true
    }()
}
