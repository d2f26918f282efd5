import Foundation
import Glibc

/// What `headwater login` leaves behind: a server and a token for it, in a file that only its owner may read.
struct Login {
    let file: String

    /// Puts this login in place of what was there.
    func write(_ url: URL, _ token: String) throws(Failure) {
        let directory = (file as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let draft = file + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        let bytes = Array("# Written by headwater login.\nurl=\(url.absoluteString)\ntoken=\(token)\n".utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, rename(draft, file) == 0 else {
            throw failure(errno)
        }
    }

    /// Removes it; nothing is wrong if there is none.
    func remove() throws(Failure) {
        guard unlink(file) == 0 || errno == ENOENT else { throw failure(errno) }
    }

    private func failure(_ code: Int32) -> Failure {
        Failure("\(file) cannot be written: \(String(cString: strerror(code)))")
    }
}
