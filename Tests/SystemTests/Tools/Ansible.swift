import Foundation
import OrderedCollections
import Tree

/// Ansible, run in `plays/` as a person would.
struct Ansible {
    /// What Ansible takes its inventory from: a file in `plays/`.
    enum Source: String, CaseIterable {
        case plugin = "inventory/headwater.yml"
        case script = "inventory/headwater"
    }

    let url: String
    var token: String
    /// Variables of the environment beside those that say where the server is.
    var environment: [String: String] = [:]
    /// Where its programs are; nil where all programs are looked for.
    var programs: String?
    /// Paths below `plays/`, or absolute ones.
    private let sources: [String]
    private let home: Scratch

    init(_ daemon: Daemon, _ source: Source) throws {
        self.init(daemon, sources: [source.rawValue], home: try Scratch())
    }

    /// The plugin, configured by the text of its file.
    init(_ daemon: Daemon, configuration: String) throws {
        let home = try Scratch()
        self.init(daemon, sources: [try home.write("headwater.yml", configuration)], home: home)
    }

    /// - Parameter home: keeps what Ansible writes.
    init(_ daemon: Daemon, sources: [String], home: Scratch) {
        url = daemon.url
        token = daemon.token
        self.sources = sources
        self.home = home
    }

    func inventory(_ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-inventory", arguments)
    }

    /// Runs the playbook of a repository, as a machine does that configures itself.
    func pull(_ repository: String, _ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-pull", ["-U", repository, "-d", home.file("pulled")] + arguments)
    }

    /// Runs a playbook, given as its text.
    func play(_ playbook: String, _ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-playbook", [home.write("play.yml", playbook)] + arguments)
    }

    /// Runs a playbook that lies in `plays/`.
    func playbook(_ name: String, _ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-playbook", [name] + arguments)
    }

    /// Runs a program of Ansible's with a home of its own.
    private func ansible(_ program: String, _ arguments: [String]) async throws -> Outcome {
        let own = [
            "HEADWATER_URL": url, "HEADWATER_TOKEN": token, "ANSIBLE_HOME": home.file("ansible"), "HOME": home.path,
            "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1",
        ]
        let program = try programs.map { "\($0)/\(program)" } ?? Repository.tool(program)
        return try await run(
            program, sources.flatMap { ["-i", $0] } + arguments,
            environment: own.merging(environment) { $1 }, directory: Repository.path("plays"))
    }
}
