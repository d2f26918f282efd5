import CLibvirt
import Tree

/// What a disk or an image is kept in.
final class Volume {
    let pointer: OpaquePointer

    /// Takes over a reference.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        virStorageVolFree(pointer)
    }

    var name: String { virStorageVolGetName(pointer).map { String(cString: $0) } ?? "" }

    func path() throws(LibvirtError) -> String { try check(virStorageVolGetPath(pointer)) }
    func xml() throws(LibvirtError) -> String { try check(virStorageVolGetXMLDesc(pointer, 0)) }

    /// How large it is for the machine.
    func capacity() throws(LibvirtError) -> Size {
        try sizes().capacity
    }

    /// How large it is for the machine, and how much room it takes.
    func sizes() throws(LibvirtError) -> (capacity: Size, allocation: Size) {
        var info = virStorageVolInfo()
        try check(virStorageVolGetInfo(pointer, &info))
        return (Size(bytes: Int(clamping: info.capacity)), Size(bytes: Int(clamping: info.allocation)))
    }

    func resize(to size: Size) throws(LibvirtError) {
        try change { virStorageVolResize(pointer, UInt64(clamping: size.bytes), 0) }
    }

    func delete() throws(LibvirtError) { try change { virStorageVolDelete(pointer, 0) } }
}
