import Lifecycle
import Tree

extension LibvirtDriver: Pausing, Resetting, Releasing {
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
}
