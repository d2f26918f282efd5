import CMalloc
import Foundation

/// What the process takes of the machine's memory.
enum ProcessMemory {
    /// Gives back to the system what is free: reading and computing take much more for a moment than is kept
    /// (malloc_trim(3)).
    static func giveBack() {
        malloc_trim(0)
    }

    /// Bytes in memory; nil if the system does not say (proc_pid_statm(5)).
    static var resident: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * NSPageSize() }
    }
}
