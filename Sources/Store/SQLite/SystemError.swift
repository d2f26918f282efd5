import Glibc

/// A failed system call in words: `/var/lib/headwater: Permission denied`.
func systemError(_ subject: String, _ code: Int32 = errno) -> String {
    let text = strerror(code).map { String(cString: $0) } ?? "error \(code)"
    return "\(subject): \(text)"
}
