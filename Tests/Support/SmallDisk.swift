import Foundation
import Glibc
import Testing

/// A file system of a few megabytes (tmpfs(5)), which a test can fill. To mount it takes root.
public struct SmallDisk: Sendable {
    public let directory: String

    private var filler: String { directory + "/filler" }

    public init(bytes: Int) throws {
        directory = NSTemporaryDirectory() + "headwater-disk-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let result = mount("tmpfs", directory, "tmpfs", 0, "size=\(bytes),mode=0700")
        try #require(result == 0, "mount: \(String(cString: strerror(errno)))")
    }

    /// Leaves no room.
    public func fill() throws {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { Glibc.close(descriptor) }
        let page = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, page, page.count) > 0 {}
        try #require(errno == ENOSPC, "\(String(cString: strerror(errno)))")
    }

    /// Makes room again.
    public func free() throws { try FileManager.default.removeItem(atPath: filler) }

    public func close() {
        umount2(directory, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(atPath: directory)
    }
}
