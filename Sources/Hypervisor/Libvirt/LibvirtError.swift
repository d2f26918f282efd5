import CLibvirt
import Glibc

/// What libvirt said of a call that failed.
struct LibvirtError: Error {
    let kind: DriverError.Kind
    let message: String

    init(_ kind: DriverError.Kind, _ message: String) {
        self.kind = kind
        self.message = message.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    /// The error of the last call on this thread.
    static func last() -> LibvirtError {
        guard let error = virGetLastError() else { return LibvirtError(.failed, "it failed without a reason") }
        let message = error.pointee.message.map { String(cString: $0) } ?? "error \(error.pointee.code)"
        // libvirt goes on filling a volume for who no longer waits for it, and lets nobody touch it meanwhile.
        if message.contains("is still being allocated") { return LibvirtError(.timeout, message) }
        return LibvirtError(kinds[UInt32(bitPattern: error.pointee.code)] ?? .failed, message)
    }

    /// libvirt's codes (virterror.h) that mean more than that it did not work.
    private static let kinds: [UInt32: DriverError.Kind] = {
        let codes: [(DriverError.Kind, [virErrorNumber])] = [
            (
                .unreachable,
                [VIR_ERR_RPC, VIR_ERR_GNUTLS_ERROR, VIR_ERR_AUTH_FAILED, VIR_ERR_AUTH_CANCELLED, VIR_ERR_INVALID_CONN]
            ),
            (
                .notFound,
                [
                    VIR_ERR_NO_DOMAIN, VIR_ERR_NO_NETWORK, VIR_ERR_NO_STORAGE_POOL, VIR_ERR_NO_STORAGE_VOL,
                    VIR_ERR_NO_DOMAIN_METADATA,
                ]
            ),
            (.refused, [VIR_ERR_OPERATION_INVALID, VIR_ERR_OPERATION_DENIED, VIR_ERR_ACCESS_DENIED]),
            (
                .conflict,
                [
                    VIR_ERR_DOM_EXIST, VIR_ERR_NETWORK_EXIST, VIR_ERR_STORAGE_VOL_EXIST, VIR_ERR_STORAGE_POOL_BUILT,
                    VIR_ERR_RESOURCE_BUSY,
                ]
            ),
            (
                .unsupported,
                [
                    VIR_ERR_NO_SUPPORT, VIR_ERR_NO_CONNECT, VIR_ERR_CONFIG_UNSUPPORTED, VIR_ERR_ARGUMENT_UNSUPPORTED,
                    VIR_ERR_OPERATION_UNSUPPORTED,
                ]
            ),
            (.timeout, [VIR_ERR_OPERATION_TIMEOUT, VIR_ERR_AGENT_UNRESPONSIVE]),
        ]
        return Dictionary(uniqueKeysWithValues: codes.flatMap { kind, codes in codes.map { ($0.rawValue, kind) } })
    }()
}

/// Passes on what a call returned; throws if that says that it failed.
@discardableResult
func check(_ result: CInt) throws(LibvirtError) -> CInt {
    guard result >= 0 else { throw .last() }
    return result
}

/// Passes on what a call returned; throws if that says that it failed.
func check(_ pointer: OpaquePointer?) throws(LibvirtError) -> OpaquePointer {
    guard let pointer else { throw .last() }
    return pointer
}

/// Passes on what a call returned, and frees it; throws if that says that it failed.
func check(_ text: UnsafeMutablePointer<CChar>?) throws(LibvirtError) -> String {
    guard let text else { throw .last() }
    defer { free(text) }
    return String(cString: text)
}

/// What a lookup found; nil where it says that there is no such thing.
func lookup<Found>(_ find: () throws(LibvirtError) -> Found) throws(LibvirtError) -> Found? {
    do throws(LibvirtError) {
        return try find()
    } catch {
        guard error.kind == .notFound else { throw error }
        return nil
    }
}

/// Says of an error what it is about.
func about<Answer>(_ what: String, _ body: () throws(LibvirtError) -> Answer) throws(LibvirtError) -> Answer {
    do throws(LibvirtError) {
        return try body()
    } catch {
        throw LibvirtError(error.kind, "\(what): \(error.message)")
    }
}
