import CLibvirt

/// libvirt's own way to report an error is to print it: every error is read where it happens instead.
func swallowError(_ data: UnsafeMutableRawPointer?, _ error: virErrorPtr?) {}

/// Serves libvirt's timers and sockets, which keep remote connections alive, for as long as the process lives.
func serveEvents() {
    while virEventRunDefaultImpl() >= 0 {}
}
