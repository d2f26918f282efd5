public import Testing

/// Waits until something holds that comes about by itself; fails when it does not for long.
public func eventually(
    _ what: String, within timeout: Duration = .seconds(60), sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + timeout
    while try await !holds() {
        try #require(ContinuousClock.now < end, "not within \(timeout): \(what)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(50))
    }
}
