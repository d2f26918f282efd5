import Foundation
import Glibc

/// What `headwater login` leaves behind: a server and a token for it, in a file that only its owner may read.
struct Login {
    let file: String

    /// Fails as `write` would, before anybody is asked for a password and a token is made.
    func prepare() throws(Failure) {
        close(try openDraft())
        unlink(draft)
    }

    /// Puts this login in place of what was there.
    func write(_ url: URL, _ token: String) throws(Failure) {
        let descriptor = try openDraft()
        defer { close(descriptor) }
        let bytes = Array("# Written by headwater login.\nurl=\(url.absoluteString)\ntoken=\(token)\n".utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, rename(draft, file) == 0 else {
            let failure = failure(errno)
            unlink(draft)
            throw failure
        }
    }

    private var draft: String { file + ".new" }

    private func openDraft() throws(Failure) -> Int32 {
        let directory = (file as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        return descriptor
    }

    /// Removes it; nothing is wrong if there is none.
    func remove() throws(Failure) {
        guard unlink(file) == 0 || errno == ENOENT else { throw failure(errno) }
    }

    private func failure(_ code: Int32) -> Failure {
        Failure("\(file) cannot be written: \(String(cString: strerror(code)))")
    }
}
