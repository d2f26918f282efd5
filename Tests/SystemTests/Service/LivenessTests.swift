import Foundation
import Testing
import Tree

@Suite("Whether the service is alive")
struct LivenessTests {
    @Test("is told at once, whatever else is asked for: by the only worker, before what was asked for earlier")
    func beforeOthers() async throws {
        let scratch = try Scratch()
        let config = try scratch.write("headwaterd.yaml", "limits: {threads: 1}\n")
        try await Daemon.run(arguments: ["--config", config]) { daemon in
            let entries: Value = [
                ["path": "/lab", "kind": "folder", "definition": [:]],
                ["path": "/lab/m-{0001..4000}", "kind": "vm", "definition": ["vars": ["a": "${{ self.certname }}"]]],
            ]
            #expect(try await daemon.api.send("POST", "/v1/apply", ["root": "/", "entries": entries]).status == 200)
            func ask(_ target: String) throws -> RawConnection {
                let connection = try RawConnection(daemon.url)
                connection.send(
                    "GET \(target) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(daemon.token)\r\nConnection: close\r\n\r\n"
                )
                return connection
            }
            for target in ["/v1/tree/lab", "/v1/tree/lab?recursive=true&limit=4000"] {
                let long = try (0..<16).map { _ in try ask(target) }
                for health in ["/healthz", "/readyz"] {
                    let answer = try #require(await ask(health).readTextToEnd(), "\(health)")
                    #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(health): \(answer)")
                }
                let waiting = long.filter { !$0.hasReceived }
                #expect(!waiting.isEmpty, "\(target) was answered each time before")
                for connection in long {
                    #expect(try await connection.readTextToEnd()?.hasPrefix("HTTP/1.1 200 ") == true, "\(target)")
                }
            }
        }
    }
}
