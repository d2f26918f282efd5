import Glibc
import Logging
import TLS

/// Looks every second whether the file of revoked certificates was written anew, and then gives the server credentials
/// that know it: a certificate that an authority takes back proves nothing a second later.
struct RevocationWatch {
    private let task: Task<Void, Never>?

    /// - Parameters:
    ///   - tls: the files that the server uses.
    ///   - stamp: of the file of revoked certificates, from before it was read.
    ///   - use: takes the new credentials.
    init(
        _ tls: TLSSettings, since stamp: FileStamp?, _ log: Logger, _ use: @escaping @Sendable (Credentials) -> Void
    ) {
        guard let file = tls.crl else {
            task = nil
            return
        }
        task = Task {
            var known = stamp
            var last: String?
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(1))
                let now = FileStamp(file)
                guard now != known, !Task.isCancelled else { continue }
                do {
                    if let credentials = try tls.credentials() { use(credentials) }
                    known = now
                    last = nil
                    log.notice("read the list of revoked certificates again: \(file)")
                } catch {
                    // It may be half written: it is tried again until it can be read, and told once.
                    if last != "\(error)" { log.error("the list of revoked certificates stays as it was: \(error)") }
                    last = "\(error)"
                }
            }
        }
    }

    func stop() { task?.cancel() }
}
