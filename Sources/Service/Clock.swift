import Foundation

/// The time of day.
enum Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    static var now: Int { Int(Date().timeIntervalSince1970 * 1000) }

    /// A time as RFC 3339 writes it, in UTC, to the millisecond.
    static func text(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            .formatted(
                .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }

    /// The time that a text of RFC 3339 means, with whole seconds or without; nil if it is none.
    static func time(_ text: String) -> Int? {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        guard let seconds = date?.timeIntervalSince1970, abs(seconds) < 1e12 else { return nil }
        return Int(seconds * 1000)
    }
}
