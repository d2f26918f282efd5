import Foundation
import Hypervisor
import Lifecycle
import Testing
import Tree

@Suite("Storage pools on QEMU", .serialized)
struct PoolTests {
    @Test("of images in directories whose names are alike are told apart")
    func alike() async throws {
        try await Bench.qemu.run { laboratory in
            let imaging = try #require(laboratory.driver as? any Imaging)
            let directory = "/var/lib/libvirt/\(laboratory.tag)"
            let files = ["im/a", "im-a", "im%2Da"].map { "\(directory)/\($0)/base.qcow2" }
            for file in files { try makeImage(file) }
            for file in files + files {
                #expect(try await imaging.find(Image(name: "base", source: .file(file))).path == file)
            }
            // However its path is spelled.
            let odd = "/" + files[1].replacing("/im-a/", with: "//im-a//")
            #expect(try await imaging.find(Image(name: "base", source: .file(odd))).path == files[1])
        }
    }

    @Test("of another directory that have the name of one for images are named, and not taken for it")
    func foreign() async throws {
        try await Bench.qemu.run { laboratory in
            let imaging = try #require(laboratory.driver as? any Imaging)
            let directory = "/var/lib/libvirt/\(laboratory.tag)"
            let file = "\(directory)/images/base.qcow2"
            try makeImage(file)
            let name = "images-var-lib-libvirt-\(laboratory.tag)-images"
            try Shell.virsh("pool-create-as", name, "dir", "--target", directory)
            let error = await laboratory.failure { () throws(DriverError) in
                _ = try await imaging.find(Image(name: "base", source: .file(file)))
            }
            #expect(error?.kind == .conflict)
            #expect(
                error?.message
                    == "image base: file \(file): the storage pool \"\(name)\" is of \(directory), and its name is needed for "
                    + "\(directory)/images; remove that pool, or define one of \(directory)/images")
        }
    }

    @Test("may be of the directory of an image that was looked at before")
    func imagesFirst() async throws {
        try await Bench.qemu.run { laboratory in
            let imaging = try #require(laboratory.driver as? any Imaging)
            let file = "/var/lib/libvirt/\(laboratory.tag)-own/base.qcow2"
            try makeImage(file)
            let image = Image(name: "base", source: .file(file))
            #expect(try await imaging.find(image).path == file)
            let pool = Pool(name: "\(laboratory.tag)-own", path: "/var/lib/libvirt/\(laboratory.tag)-own/")
            let specification = laboratory.specification("web") {
                $0.disks = [Disk(name: "root", pool: pool, origin: .overlay(image), size: nil)]
            }
            try await laboratory.driver.create(specification)
            #expect(
                try await laboratory.driver.observe(specification.id)?.disks.map(\.capacity) == [Size(bytes: 8 << 20)])
            #expect(try await imaging.find(image).path == file)
            try await laboratory.driver.destroy(specification)
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("that libvirt fills other volumes of are looked at when it has done so")
    func busy() async throws {
        try await Bench.qemu.run { laboratory in
            try await laboratory.driver.create(laboratory.specification("first"))
            let big = "\(laboratory.tag)-big.qcow2"
            try Shell.launch(
                "virsh", "-q", "-c", "qemu:///system", "vol-create-as", laboratory.tag, big, "400G", "--format",
                "qcow2",
                "--prealloc-metadata")
            let writer = try await held(big)
            let specification = laboratory.specification("web")
            // It has to look whether the disk is there, and libvirt looks at no pool that it fills.
            async let creation = laboratory.driver.create(specification, keepDisks: true)
            try await Task.sleep(for: .milliseconds(500))
            kill(writer, SIGKILL)
            _ = try await creation
            #expect(try await laboratory.driver.observe(specification.id)?.disks.map(\.isMissing) == [false])
        }
    }

    /// Stops the program that fills a volume.
    private func held(_ volume: String) async throws -> Int32 {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
                guard let process = Int32(name),
                    let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
                    String(decoding: line, as: UTF8.self).hasPrefix("/usr/bin/qemu-img\0"),
                    String(decoding: line, as: UTF8.self).contains(volume)
                else { continue }
                kill(process, SIGSTOP)
                return process
            }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw Shell.Failure(description: "nothing fills \(volume)")
    }

    private func makeImage(_ file: String) throws {
        let directory = file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex)
        try FileManager.default.createDirectory(atPath: String(directory), withIntermediateDirectories: true)
        try Shell.run("qemu-img", "create", "-q", "-f", "qcow2", file, "8M")
    }
}
