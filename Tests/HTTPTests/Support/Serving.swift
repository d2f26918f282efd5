import HTTP
import Logging

/// Runs `body` with a server that is stopped afterwards.
func serving<Result>(
    _ handler: @escaping Handler, _ configuration: Configuration = configuration { _ in },
    _ body: (Server) async throws -> Result
) async throws -> Result {
    let server = try Server(configuration, log: quiet, handler: handler)
    defer { server.stop() }
    return try await body(server)
}

/// A log that nobody reads.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A configuration with some of its values changed.
func configuration(_ change: (inout Configuration) -> Void) -> Configuration {
    var configuration = Configuration()
    configuration.stopTimeout = 1
    // A test that waits long for its turn is not idle.
    configuration.idleTimeout = 600
    change(&configuration)
    return configuration
}

/// Waits until `condition` holds; false if it does not within five minutes. So long because other tests may have the
/// processors to themselves for most of that.
func eventually(_ condition: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(300)
    while !condition() {
        guard ContinuousClock.now < end else { return condition() }
        try await Task.sleep(for: .milliseconds(2))
    }
    return true
}
