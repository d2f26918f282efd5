import Foundation
import TestSupport
import Testing
import Tree

/// Requests made at random from the daemon's description of itself, by the real schemathesis.
struct Schemathesis {
    private let scratch: Scratch
    private let random: Seeded

    /// - Parameter places: names of what stands below the root, of which most requests take one.
    init(_ daemon: Daemon, places: [String], certnames: [String], random: Seeded) async throws {
        self.random = random
        scratch = try Scratch()
        try scratch.write("openapi.json", try await daemon.api.send("GET", "/openapi.json").text)
        func list(_ names: [String]) -> String { "[\(names.map { "\"\($0)\"" }.joined(separator: ", "))]" }
        try scratch.write(
            "schemathesis.toml",
            """
            [dictionaries.places]
            values = \(list(places))
            [dictionaries.certnames]
            values = \(list(certnames))
            [parameters]
            "path.path" = {dictionary = "places", probability = 0.7}
            "path.certname" = {dictionary = "certnames", probability = 0.7}
            # A method that no route has is 501, as RFC 9110 §15.6.2 has it; the others of the list are 405.
            [phases.coverage]
            unexpected-methods = ["PUT", "PATCH", "DELETE", "OPTIONS"]

            """)
    }

    /// Asks for so many seconds as somebody.
    func run(as api: API, seconds: Int) async throws -> Outcome {
        try await SystemTests.run(
            Repository.tool("st"),
            [
                "--config-file", scratch.file("schemathesis.toml"), "run", scratch.file("openapi.json"),
                "--url", api.url, "--header", "Authorization: Bearer \(api.token ?? "")",
                "--phases", "coverage,fuzzing", "--max-time", "\(seconds)", "--request-timeout", "20",
                "--seed", "\(random.seed % (1 << 32))", "--continue-on-failure", "--suppress-health-check", "all",
                "--warnings", "off", "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            ], directory: scratch.path)
    }
}
