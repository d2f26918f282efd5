import Foundation

/// The time of day.
enum Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
    }

    /// The time so many days before another one; 0 where that was before 1970.
    static func days(_ count: Int, before time: Int) -> Int {
        let (span, isTooLong) = count.multipliedReportingOverflow(by: 86_400_000)
        return isTooLong ? 0 : time - min(span, time)
    }

    /// The time that a text of RFC 3339 means, with its offset from UTC, or of a day its first moment in UTC; nil for any
    /// other text.
    static func time(orDay text: String) -> Int? {
        time(text.utf8.count == 10 ? text + "T00:00:00Z" : text)
    }

    /// The time that a text of RFC 3339 means, with its offset from UTC; nil for any other text.
    static func time(_ text: String) -> Int? {
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
}
