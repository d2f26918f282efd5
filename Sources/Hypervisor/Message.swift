import Lifecycle
import Tree

/// What drivers say in the same words.
package enum Message {
    static let noMachine = "there is no such VM"

    static let foreign =
        "there is a VM of this UUID that was not made here, or was released, and is not written over; adopt takes it over"

    package static let unmarked =
        "the VM was not made here, or was released, or our mark was taken from it, and is left as it is; adopt takes it over"

    static let off = "the VM is off; start it first"

    static func tooSmall(_ size: Size, image: String, _ content: Size) -> String {
        "\(size) is smaller than its image \(image), which has \(content)"
    }

    static func existing(_ volume: String, pool: String) -> String {
        "the storage pool \"\(pool)\" has the volume \"\(volume)\" already, which is never written over; create with "
            + "--keep-disks takes it up as it is"
    }

    static func notOwn(_ volume: String, pool: String) -> String {
        "the storage pool \"\(pool)\" has the volume \"\(volume)\" already, which is not the VM's disk as it is and is never "
            + "written over; move it away"
    }

    static func lostCard(_ name: String, _ mac: MAC) -> String {
        "nic \(name): the VM has no card of the address \(mac) any more, and other cards are not written over; reconcile puts "
            + "that right, start with --keep starts the VM as it is"
    }

    static let saved =
        "the VM's state was saved when it was stopped (virsh managedsave), and it would go on from there without what is "
        + "changed; start with --keep goes on as it was, virsh managedsave-remove drops the state"

    static func otherVolume(_ volume: String, instead: String) -> String {
        "there is no volume \"\(volume)\", but \(instead), which may be what was kept; give the disk that format and pool, or "
            + "move that away to have it made anew"
    }

    static func otherDisks(_ disks: [String]) -> String {
        "there is a VM of this UUID that was made here, with other disks than the definition has: "
            + "\(disks.isEmpty ? "none" : disks.joined(separator: ", ")); adopt takes it over as it is"
    }

    static func running(_ domain: String, on volume: String) -> String {
        "the VM \"\(domain)\" is on and writes to its disk \"\(volume)\", which an overlay cannot depend on; stop it first, or "
            + "make a copy"
    }

    static func backing(_ volume: String, of overlay: String) -> String {
        "\(overlay) holds what was written since a snapshot of the volume \"\(volume)\", and is worthless once that is "
            + "written to; qemu-img commit merges it in, then it can be removed"
    }

    static func replaced(by place: String) -> String {
        "the VM's disk is another file than was applied: \(place); \(keepDisks)"
    }

    static func detached(_ volume: String) -> String {
        "the VM no longer has its disk, but the volume \"\(volume)\" is there; \(keepDisks)"
    }

    static func used(_ volume: String, by domain: String) -> String {
        "the VM \"\(domain)\" uses the volume \"\(volume)\""
    }

    static func used(by domain: String) -> String { "the VM \"\(domain)\" uses it; \(keepDisks)" }

    static func basis(of overlay: String) -> String {
        "\(overlay) holds only what differs from it, and is worthless without it; \(keepDisks)"
    }

    static func noPool(_ pool: String) -> String {
        "there is no storage pool \"\(pool)\" to delete it from; define that again; \(keepDisks)"
    }

    static func poolOff(_ pool: String) -> String {
        "the storage pool \"\(pool)\" is off and it cannot be deleted; start that; \(keepDisks)"
    }

    private static let keepDisks = "destroy with --keep-disks takes the VM and leaves all its disks"
}
