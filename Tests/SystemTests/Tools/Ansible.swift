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
    /// A path below `plays/`, or an absolute one.
    private let source: String
    private let home: Scratch

    init(_ daemon: Daemon, _ source: Source) throws {
        self.init(daemon, source: source.rawValue, home: try Scratch())
    }

    /// The plugin, configured by the text of its file.
    init(_ daemon: Daemon, configuration: String) throws {
        let home = try Scratch()
        self.init(daemon, source: try home.write("headwater.yml", configuration), home: home)
    }

    private init(_ daemon: Daemon, source: String, home: Scratch) {
        url = daemon.url
        token = daemon.token
        self.source = source
        self.home = home
    }

    func inventory(_ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-inventory", arguments)
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
        try await run(
            Repository.tool(program), ["-i", source] + arguments,
            environment: [
                "HEADWATER_URL": url, "HEADWATER_TOKEN": token, "ANSIBLE_HOME": home.file("ansible"),
                "HOME": home.path, "LC_ALL": "C.UTF-8",
            ],
            directory: Repository.path("plays"))
    }
}
