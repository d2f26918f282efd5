import Foundation

/// The daemons behind `qemu:///system`, started where no init system has done so.
enum Libvirtd {
    private static let started = Result {
        for program in ["virsh", "libvirtd", "virtlogd", "qemu-system-x86_64", "qemu-img"] {
            do {
                try Shell.run("which", program)
            } catch {
                throw Shell.Failure(
                    description: "\(program) is missing; apt-get install libvirt-daemon-system libvirt-clients "
                        + "qemu-system-x86 qemu-utils ipxe")
            }
        }
        if answers { return }
        // They end by themselves, a while after the last client and the last VM; the log, which VMs need, the later.
        try Shell.launch("virtlogd", "--timeout", "3600")
        try Shell.launch("libvirtd", "--timeout", "120")
        for _ in 0..<150 where !answers { Thread.sleep(forTimeInterval: 0.1) }
        try Shell.virsh("version")
    }

    private static var answers: Bool { (try? Shell.virsh("version")) != nil }

    static func start() throws {
        try started.get()
    }
}
