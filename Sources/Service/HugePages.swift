import Foundation

/// Puts memory that is full into pages of 2 MiB, where the system does not do so by itself (madvise(2), MADV_COLLAPSE; Linux
/// 6.1).
///
/// What a read of one of a hundred thousand documents waits for is mostly the tables that say where its pages are; of huge
/// pages there are few. Where the system has none, or is told to use none, nothing happens.
enum HugePages {
    /// In bytes.
    private static let size = 2 << 20

    /// Joins what is full of the memory that the process has written to. Gives way to other tasks between two pages.
    /// - Returns: how many huge pages there are now.
    @discardableResult
    static func join() async -> Int {
        guard isAllowed else { return 0 }
        var count = 0
        for start in starts {
            if isFull(start), join(start) { count += 1 }
            await Task.yield()
        }
        return count
    }

    private static func join(_ start: UInt) -> Bool {
        madvise(UnsafeMutableRawPointer(bitPattern: start), size, collapse) == 0
    }

    /// Whether so much of a huge page's place is in memory that little more is taken by the rest: seven eighths (mincore(2)).
    private static func isFull(_ start: UInt) -> Bool {
        var pages = [UInt8](repeating: 0, count: size / NSPageSize())
        guard mincore(UnsafeMutableRawPointer(bitPattern: start), size, &pages) == 0 else { return false }
        return 8 * pages.count { $0 & 1 == 1 } >= 7 * pages.count
    }

    /// Where there is room for a huge page in memory that the process has of its own.
    private static var starts: [UInt] {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        let size = UInt(size)
        return maps.split(separator: "\n").compactMap(bounds).flatMap { bounds in
            let first = (bounds.lowerBound + size - 1) / size
            return (first..<max(first, bounds.upperBound / size)).map { $0 * size }
        }
    }

    /// The bounds of memory that can be written to and is no file's and no stack, from a line of proc_pid_maps(5).
    private static func bounds(_ line: Substring) -> Range<UInt>? {
        let fields = line.split(separator: " ")
        guard fields.count == 5 && fields[4] == "0" || fields.last == "[heap]", fields[1] == "rw-p" else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]..<bounds[1] : nil
    }

    /// Not where huge pages are turned off for all.
    private static var isAllowed: Bool {
        let setting = try? String(contentsOfFile: "/sys/kernel/mm/transparent_hugepage/enabled", encoding: .utf8)
        return setting?.contains("[never]") == false
    }

    /// MADV_COLLAPSE, which glibc's headers do not have.
    private static let collapse: Int32 = 25
}
