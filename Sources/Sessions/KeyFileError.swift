import Foundation

/// Why the keys of sessions could not be read or written.
public struct KeyFileError: Error, Hashable, CustomStringConvertible {
    let file: String
    let cause: String
    let remedy: String

    init(file: String, _ cause: String) {
        self.init(
            file: file, cause: cause,
            remedy:
                "the keys that sign sessions belong there: put the file right, or remove it and all who logged in with "
                + "a password do so again")
    }

    private init(file: String, cause: String, remedy: String) {
        self.file = file
        self.cause = cause
        self.remedy = remedy
    }

    init(file: String, _ code: Int32) {
        self.init(file: file, String(cString: strerror(code)))
    }

    /// The file may be read by other users of the machine.
    static func open(file: String, mode: String) -> KeyFileError {
        KeyFileError(
            file: file, cause: "other users may read it (mode 0\(mode)), and with it sign sessions of anybody",
            remedy:
                "expected mode 0600: chmod 600 \(file); if one of them may have, make new keys with headwaterd keys "
                + "rotate --drop")
    }

    public var description: String { "\(file): \(cause); \(remedy)" }
}
