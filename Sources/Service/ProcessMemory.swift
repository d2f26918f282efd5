import Foundation

/// What the process takes of the machine's memory.
enum ProcessMemory {
    /// Bytes in memory; nil if the system does not say (proc_pid_statm(5)).
    static var resident: Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * NSPageSize() }
    }
}
