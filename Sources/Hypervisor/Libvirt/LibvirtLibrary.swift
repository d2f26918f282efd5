import CLibvirt
import Foundation
import Glibc

/// What is set up in libvirt once for the whole process, before the first connection.
enum LibvirtLibrary {
    /// Whether the library is usable.
    static let isReady: Bool = {
        // libvirt writes to sockets whose other end may have gone; it would end the process.
        signal(SIGPIPE, SIG_IGN)
        virSetErrorFunc(nil, swallowError)
        guard virInitialize() >= 0, virEventRegisterDefaultImpl() >= 0 else { return false }
        Thread.detachNewThread(serveEvents)
        return true
    }()
}
