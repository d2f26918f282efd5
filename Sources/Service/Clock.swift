import Foundation

/// The time of day.
enum Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    static var now: Int { Int(Date().timeIntervalSince1970 * 1000) }

    /// Reads a time of RFC 3339, with its offset from UTC, or a day, whose first moment in UTC is meant; nil for any
    /// other text.
    static func milliseconds(_ text: String) -> Int? {
        let text = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        // Foundation's reader passes over what follows the seconds, so the form is seen to here.
        guard let parts = text.wholeMatch(of: /(.{19})(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})/),
            let date = try? Date(String(parts.1 + parts.3), strategy: .iso8601)
        else { return nil }
        let fraction = (parts.2 ?? ".").dropFirst().prefix(3)
        let padding = String(repeating: "0", count: 3 - fraction.count)
        return Int(date.timeIntervalSince1970) * 1000 + (Int(fraction + padding) ?? 0)
    }

    /// A time as RFC 3339 writes it, in UTC, to the millisecond.
    static func text(_ milliseconds: Int) -> String {
        // In whole numbers: a Date's fraction is formatted a millisecond short as often as not.
        let (seconds, fraction) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let text = Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
        return "\(text.dropLast()).\(String(1000 + abs(fraction)).dropFirst())Z"
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
