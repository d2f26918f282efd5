import Foundation
import Glibc

/// A libvirtd of the test's own, which can be killed and started anew: what others run on this host is not touched.
///
/// It runs as `nobody` where the tests run as root, for a libvirtd of root's is the host's. Its VMs are that user's, and
/// outlive its deaths, but not this value.
public final class PrivateLibvirtd {
    /// What it and its VMs keep; everybody may read it.
    public let directory = "/tmp/headwater-\(UInt32.random(in: 0 ... .max))"
    private var process: Process?

    /// Makes its directories; it is not started yet.
    public init() throws {
        for name in ["run", "config/libvirt"] {
            try FileManager.default.createDirectory(atPath: "\(directory)/\(name)", withIntermediateDirectories: true)
        }
        // No virtlogd, which would be another daemon to end; ports for consoles that the host's libvirtd does not give away.
        let port = UInt16.random(in: 200..<320) * 100
        let settings = """
            stdio_handler = "file"
            remote_display_port_min = \(port)
            remote_display_port_max = \(port + 99)

            """
        try Data(settings.utf8).write(to: URL(filePath: "\(directory)/config/libvirt/qemu.conf"))
        if geteuid() == 0 { try PrivateLibvirtd.run(["chown", "-R", "nobody:nogroup", directory]).waitUntilExit() }
    }

    deinit {
        kill()
        for pid in machines { Glibc.kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The processes of its VMs.
    private var machines: [pid_t] {
        let run = "\(directory)/run/libvirt/qemu/run"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: run)) ?? []
        return files.filter { $0.hasSuffix(".pid") && $0 != "driver.pid" }.compactMap { file in
            (try? String(contentsOfFile: "\(run)/\(file)", encoding: .utf8))
                .flatMap { pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
    }

    /// Its URI for libvirt, the same over all its lives.
    public var uri: String { "qemu+unix:///session?socket=\(socket)&mode=direct" }

    private var socket: String { "\(directory)/run/libvirt/libvirt-sock" }

    /// Starts it, and waits until it answers.
    public func start() throws {
        let user = geteuid() == 0 ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] : []
        process = try PrivateLibvirtd.run(
            user + ["libvirtd", "--timeout", "120"],
            [
                "HOME": directory, "XDG_RUNTIME_DIR": "\(directory)/run", "XDG_CONFIG_HOME": "\(directory)/config",
                "XDG_CACHE_HOME": "\(directory)/cache", "XDG_DATA_HOME": "\(directory)/data",
            ], log: "\(directory)/log")
        for _ in 0..<300 {
            let asking = try PrivateLibvirtd.run(["virsh", "-q", "-c", uri, "version"])
            asking.waitUntilExit()
            if asking.terminationStatus == 0 { return }
            Thread.sleep(forTimeInterval: 0.1)
        }
        throw Failure(
            description:
                "libvirtd does not answer; it said: \(try String(contentsOfFile: "\(directory)/log", encoding: .utf8))")
    }

    /// Ends it without a word.
    public func kill() {
        guard let process else { return }
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    /// Makes it silent: its connections stay open, and nothing is answered until `goOn`.
    public func hold() { process.map { _ = Glibc.kill($0.processIdentifier, SIGSTOP) } }

    public func goOn() { process.map { _ = Glibc.kill($0.processIdentifier, SIGCONT) } }

    private static func run(_ words: [String], _ variables: [String: String] = [:], log: String? = nil) throws
        -> Process
    {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
        process.environment = ["PATH": path].merging(variables) { $1 }
        if let log { try Data().write(to: URL(filePath: log)) }
        let output = log.flatMap { FileHandle(forWritingAtPath: $0) } ?? .nullDevice
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        return process
    }

    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }
}
