import Hypervisor
import Lifecycle
import TestSupport
import Testing
import Tree

@Suite("libvirt's connections and errors")
struct LibvirtTests {
    private func driver(_ uri: String, concurrency: Int = 2) -> any Driver {
        Connections(within: .tests)
            .driver(for: Endpoint(name: "lab", driver: .libvirt, uri: uri, concurrency: concurrency))
    }

    private func failure(of driver: any Driver) async -> DriverError? {
        do {
            _ = try await driver.list()
            return nil
        } catch {
            return error
        }
    }

    @Test("a hypervisor that does not answer is unreachable, says so, and may answer later")
    func unreachable() async throws {
        let error = await failure(of: driver("qemu+unix:///system?socket=/nonexistent/libvirt-sock&mode=direct"))
        #expect(error?.kind == .unreachable)
        #expect(error?.isTransient == true)
        #expect(
            error?.description
                == "hypervisor lab: Failed to connect socket to '/nonexistent/libvirt-sock': No such file or directory")
    }

    @Test("a URI that libvirt does not know is unsupported")
    func unknown() async throws {
        // Asked for a driver that the library does not have, libvirt asks the daemon for it.
        try Libvirtd.start()
        let error = await failure(of: driver("nosuch:///system"))
        #expect(error?.kind == .unsupported)
        #expect(error?.message == "no connection driver available for nosuch:///system")
    }

    @Test("a machine that is nobody's is listed with what it has, under the hypervisor's names")
    func foreign() async throws {
        let list = try await driver("test:///default").list()
        let machine = try #require(list.first { $0.name == "test" })
        #expect(machine.isOurs == false)
        #expect(machine.power == .running)
        #expect(machine.cpus == 2)
        #expect(machine.memory == Size(bytes: 8 << 30))
        #expect(machine.disks == [Observation.Disk(name: "vda", place: "/guest/diskimage1", capacity: nil)])
        #expect(machine.nics.map(\.network) == [.network("default")])
        #expect(machine.nics.map(\.mac) == [MAC("aa:bb:cc:dd:ee:ff")])
    }

    @Test("the addresses that a running machine uses are observed")
    func addresses() async throws {
        try await Bench.test.run { laboratory in
            let specification = laboratory.specification("web")
            try await laboratory.driver.create(specification)
            try await laboratory.driver.start(specification.id)
            let found = try await laboratory.driver.observe(specification.id)
            #expect(found?.nics.first?.addresses.isEmpty == false)
        }
    }

    @Test("text from a definition reaches libvirt as text, whatever it holds")
    func escaping() async throws {
        try await Bench.test.run { laboratory in
            let specification = laboratory.specification("a<b>&amp;\"'ñ") {
                $0.nics[0].name = "x\" y='<&>"
            }
            try await laboratory.driver.create(specification)
            let found = try await laboratory.driver.observe(specification.id)
            #expect(found?.name == specification.name)
            #expect(found?.nics.map(\.name) == ["x\" y='<&>"])
        }
    }

    @Test("a connection that died is opened again by the next call")
    func reconnect() async throws {
        try Libvirtd.start()
        let socket = try ListeningSocket(relayingTo: "/var/run/libvirt/libvirt-sock")
        defer { socket.close() }
        let driver = driver("qemu+unix:///system?socket=\(socket.path)&mode=direct")
        #expect(socket.cut() == 0)
        for _ in 0..<3 {
            #expect(await failure(of: driver) == nil)
            #expect(await failure(of: driver) == nil)
            #expect(socket.cut() == 1)
        }
        #expect(await failure(of: driver) == nil)
    }

    @Test("a hypervisor that hangs holds up no other, and a caller who gives up goes on at once")
    func hung() async throws {
        let socket = try ListeningSocket()
        defer { socket.close() }
        let hanging = driver("qemu+unix:///system?socket=\(socket.path)&mode=direct", concurrency: 1)
        let calls = (0..<8).map { _ in Task { await failure(of: hanging) } }
        for _ in 0..<8 { #expect(await failure(of: driver("test:///default")) == nil) }
        for call in calls { call.cancel() }
        for call in calls {
            let error = await call.value
            #expect(error?.kind == .cancelled)
            #expect(error?.description == "hypervisor lab: the call was given up")
        }
    }
}
