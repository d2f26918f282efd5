import CGnuTLS
import Glibc

/// A file in PEM, as it was read.
struct PEMFile {
    let name: String
    let bytes: [UInt8]
    /// Its permissions (stat(2)).
    let mode: UInt32

    /// A list of a million revoked certificates has some 40 MB.
    private static let largest = 256 << 20

    init(_ name: String) throws(CredentialsError) {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CredentialsError(name, "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CredentialsError(name, "is no file")
        }
        guard status.st_size <= PEMFile.largest else {
            throw CredentialsError(name, "is too large: expected at most \(PEMFile.largest >> 20) MiB")
        }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= PEMFile.largest {
            let count = read(descriptor, &part, part.count)
            guard count >= 0 else {
                throw CredentialsError(name, "cannot be read: \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { break }
            bytes += part[..<count]
        }
        self.name = name
        self.bytes = bytes
        mode = status.st_mode & 0o7777
    }

    /// Lends the bytes to GnuTLS, which wants them writable and does not write.
    func withDatum<Result>(_ body: (UnsafePointer<gnutls_datum_t>) -> Result) -> Result {
        var bytes = bytes
        return bytes.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(clamping: buffer.count))
            return body(&datum)
        }
    }
}
