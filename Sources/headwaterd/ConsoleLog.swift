import Foundation
import Logging
import Synchronization

/// Writes one line an event to standard error: time, level, message. What clients sent is escaped, so that no text from
/// outside makes a line of its own, or makes a terminal show another one.
struct ConsoleLog: LogHandler {
    var metadata = Logger.Metadata()
    var logLevel: Logger.Level {
        get { ConsoleLog.level.withLock { $0 } }
        set { ConsoleLog.set(newValue) }
    }

    private static let level = Mutex(Logger.Level.notice)

    /// Makes this the log of the process.
    static func start(_ level: Logger.Level) -> Logger {
        set(level)
        LoggingSystem.bootstrap { _ in ConsoleLog() }
        return Logger(label: "headwaterd")
    }

    /// Changes how much is logged, of every logger.
    static func set(_ level: Logger.Level) {
        self.level.withLock { $0 = level }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date().formatted(.iso8601)
        let line = "\(time) \(event.level) \(ConsoleLog.escaped("\(event.message)"))\n"
        FileHandle.standardError.write(Data(line.utf8))
    }

    private static func escaped(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line += scalar.escaped(asASCII: true)
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}
