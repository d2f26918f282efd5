import Foundation

/// Tests that take longer than all others together: `make test-slow` runs them.
public enum Slow {
    public static let isAsked = ProcessInfo.processInfo.environment["HEADWATER_SLOW"] != nil
}
