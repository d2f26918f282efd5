import Lifecycle
import Tree

extension LibvirtDriver: Pausing, Resetting, Releasing, Consoling, Imaging {
    func pause(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in
            if try domain.power() != .paused { try domain.pause() }
        }
    }

    func resume(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in
            if try domain.power() != .running { try domain.resume() }
        }
    }

    func reboot(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in try domain.reboot() }
    }

    func reset(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in try domain.reset() }
    }

    func release(_ id: EntryID) async throws(DriverError) {
        try await with(id) { _, domain throws(LibvirtError) in
            if Mark(domain: try .parse(try domain.xml())) != nil { try domain.removeMark() }
        }
    }

    func consoles(_ id: EntryID) async throws(DriverError) -> [Console] {
        try await with(id) { _, domain throws(LibvirtError) in
            guard try domain.isActive() else { throw LibvirtError(.refused, Message.off) }
            return Console.consoles(of: try .parse(try domain.liveXML()))
        }
    }

    func find(_ image: Image) async throws(DriverError) -> StoredImage {
        try await hypervisor.call(endpoint, nil) { connection throws(LibvirtError) in
            try Storage(connection: connection).find(image)
        }
    }
}
