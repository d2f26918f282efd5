import Foundation
import Testing

@testable import Service

@Suite("Memory that is joined to huge pages")
struct HugePagesTests {
    private static let size = 16 << 20

    /// Memory of its own, of which every `step`th byte has been written to.
    private func filled(step: Int) throws -> UnsafeMutablePointer<UInt8> {
        let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        try #require(memory != MAP_FAILED)
        let bytes = try #require(memory).bindMemory(to: UInt8.self, capacity: Self.size)
        for place in stride(from: 0, to: Self.size, by: step) { bytes[place] = UInt8(truncatingIfNeeded: place / step) }
        return bytes
    }

    private func pages(_ memory: UnsafeMutablePointer<UInt8>) -> Int {
        var pages = [UInt8](repeating: 0, count: Self.size / NSPageSize())
        mincore(memory, Self.size, &pages)
        return pages.count { $0 & 1 == 1 }
    }

    @Test("says the same as before, and takes no more where little of it was in use")
    func same() async throws {
        let (full, sparse) = (try filled(step: 1 << 10), try filled(step: 1 << 16))
        defer {
            munmap(full, Self.size)
            munmap(sparse, Self.size)
        }
        let before = pages(sparse)
        await HugePages.join()
        #expect(pages(sparse) == before && before < Self.size / NSPageSize() / 8)
        #expect((0..<Self.size >> 10).allSatisfy { full[$0 << 10] == UInt8(truncatingIfNeeded: $0) })
    }

    @Test("is in huge pages, where the system has any", .enabled(if: HugePagesTests.systemHasThem))
    func joined() async throws {
        let full = try filled(step: 1 << 10)
        defer { munmap(full, Self.size) }
        #expect(await HugePages.join() >= Self.size / (2 << 20) - 1)
    }

    /// Linux 6.1 and later, with huge pages not turned off.
    private static var systemHasThem: Bool {
        let setting = try? String(contentsOfFile: "/sys/kernel/mm/transparent_hugepage/enabled", encoding: .utf8)
        let linux = ProcessInfo.processInfo.operatingSystemVersion
        return setting?.contains("[never]") == false && (linux.majorVersion, linux.minorVersion) >= (6, 1)
    }
}
