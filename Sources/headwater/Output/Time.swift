import Foundation
import Tree

/// Times as the server writes them and as people read them.
enum Time {
    /// In so many days, as RFC 3339 has it.
    static func text(inDays days: Int) -> String {
        Date(timeIntervalSinceNow: Double(days) * 86_400).formatted(.iso8601)
    }

    /// A time to the minute, in UTC: `2026-03-01 09:30`; nothing where there is none.
    static func shown(_ value: Value?) -> String {
        value?.string.map { String($0.prefix(16)).replacing("T", with: " ") } ?? ""
    }
}
