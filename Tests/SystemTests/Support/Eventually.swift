import Testing

/// Waits until something holds that another process brings about; fails when it does not for long.
func eventually(
    _ what: String, within timeout: Duration = .seconds(30), sourceLocation: SourceLocation = #_sourceLocation,
    _ holds: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + timeout
    while try await !holds() {
        try #require(ContinuousClock.now < end, "not within \(timeout): \(what)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(50))
    }
}
