import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("Disks of libvirt", .serialized)
struct StorageTests {
    @Test(
        "an overlay is as large as its image unless a size is given, and the image outlives it",
        arguments: Bench.allCases)
    func overlay(bench: Bench) async throws {
        try await imageSurvives(bench) { .overlay($0) }
    }

    @Test(
        "a copy is as large as its image unless a size is given, and the image outlives it",
        arguments: Bench.allCases)
    func copy(bench: Bench) async throws {
        try await imageSurvives(bench) { .copy($0) }
    }

    private func imageSurvives(_ bench: Bench, _ origin: (Image) -> Disk.Origin) async throws {
        try await bench.run { laboratory in
            let (driver, pool) = (laboratory.driver, laboratory.pool)
            try await driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let same = laboratory.specification("same") {
                $0.disks = [Disk(name: "root", pool: pool, origin: origin(image), size: nil)]
            }
            let larger = laboratory.specification("larger") {
                $0.disks = [Disk(name: "root", pool: pool, origin: origin(image), size: Size(bytes: 24 << 20))]
            }
            for (specification, size) in [(same, 8 << 20), (larger, 24 << 20)] {
                try await driver.create(specification)
                let found = try await driver.observe(specification.id)
                #expect(found?.disks.map(\.capacity) == [Size(bytes: size)])
                try await driver.destroy(specification)
            }
            // It is still there to make another one of.
            try await driver.create(same)
            #expect(try await driver.observe(same.id)?.disks.map(\.capacity) == [Size(bytes: 8 << 20)])
        }
    }

    @Test("a disk smaller than its image is refused and leaves nothing behind", arguments: Bench.allCases)
    func tooSmall(bench: Bench) async throws {
        try await bench.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("pool"))
            let image = try laboratory.image()
            let specification = laboratory.specification("web") {
                $0.disks.append(
                    Disk(name: "data", pool: laboratory.pool, origin: .overlay(image), size: Size(bytes: 4 << 20)))
            }
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification)
            }
            #expect(error?.kind == .refused)
            #expect(error?.message == "disk data: 4MiB is smaller than its image base, which has 8MiB")
            let found = try await laboratory.driver.observe(specification.id)
            #expect(found == nil)
            // The disk before it was made, and is gone: its name is free for another.
            try await laboratory.driver.create(laboratory.specification("web") { $0.id = specification.id })
        }
    }

    @Test("a pool that is not there and has no path is named in the error", arguments: Bench.withStorage)
    func noPool(bench: Bench) async throws {
        try await bench.run { laboratory in
            let specification = laboratory.specification("web") {
                $0.disks[0].pool = Pool(name: "\(laboratory.tag)-none")
            }
            let error = await laboratory.failure { () throws(DriverError) in
                try await laboratory.driver.create(specification)
            }
            #expect(error?.kind == .notFound)
            #expect(
                error?.message
                    == "disk root: there is no storage pool \"\(laboratory.tag)-none\"; make it, or give the pool a path "
                    + "to make it of")
        }
    }
}
