import Foundation
import OrderedCollections
import Tree

/// Ansible, run in `plays/` as a person would.
struct Ansible {
    let url: String
    let token: String
    private let home: Scratch

    init(_ daemon: Daemon) throws {
        url = daemon.url
        token = daemon.token
        home = try Scratch()
    }

    func inventory(_ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-inventory", arguments)
    }

    /// Runs a playbook, given as its text.
    func play(_ playbook: String, _ arguments: String...) async throws -> Outcome {
        try await ansible("ansible-playbook", [home.write("play.yml", playbook)] + arguments)
    }

    /// Runs a program of Ansible's with a home of its own.
    private func ansible(_ program: String, _ arguments: [String]) async throws -> Outcome {
        try await run(
            Repository.tool(program), arguments,
            environment: [
                "HEADWATER_URL": url, "HEADWATER_TOKEN": token, "ANSIBLE_HOME": home.file("ansible"),
                "HOME": home.path, "LC_ALL": "C.UTF-8",
            ],
            directory: Repository.path("plays"))
    }
}
