import Foundation
import OrderedCollections
import Tree

/// A Salt master's configuration in a directory of its own; no master runs.
struct Salt {
    let scratch: Scratch
    let token: String

    /// - Parameters:
    ///   - options: of the external pillar, beside the server and the token, each with a comma before it.
    ///   - tops: what is said under `master_tops`, as YAML in one line.
    init(_ daemon: Daemon, options: String = "", tops: String = "{headwater: {}}") throws {
        scratch = try Scratch()
        token = daemon.token
        for directory in ["cache/proc", "ext/pillar", "ext/tops", "states/_pillar", "states/_tops", "pillar"] {
            try scratch.makeDirectory(directory)
        }
        // A copy, for Salt removes from its folders what it did not put there. The master has it in a folder of its
        // own; the minion takes it from the file server.
        let module = Repository.path("enc/salt/pillar/headwater.py")
        for copy in ["ext/pillar", "ext/tops", "states/_pillar", "states/_tops"] {
            try FileManager.default.copyItem(atPath: module, toPath: scratch.file(copy + "/headwater.py"))
        }
        try scratch.write("token", token + "\n", mode: 0o600)
        try scratch.write("client.conf", "url=\(daemon.url)\ntoken=\(token)\n", mode: 0o600)
        let settings = """
            root_dir: \(scratch.path)
            cachedir: \(scratch.file("cache"))
            log_file: /dev/null
            log_level_logfile: quiet
            file_roots: {base: ["\(scratch.file("states"))"]}
            pillar_roots: {base: ["\(scratch.file("pillar"))"]}
            ext_pillar:
              - headwater: {url: "\(daemon.url)", token_file: "\(scratch.file("token"))"\(options)}
            master_tops: \(tops)

            """
        try scratch.write("master", settings + "extension_modules: \(scratch.file("ext"))\n")
        try scratch.write("minion", settings + "file_client: local\nmaster_type: disable\n")
    }

    /// `salt-run pillar.show_pillar`.
    func pillar(_ minion: String) async throws -> Outcome {
        try await salt(
            "salt-run", ["-c", scratch.path, "pillar.show_pillar", minion, "--out=json", "--log-level=quiet"])
    }

    /// Takes the minion's modules from the file server.
    func synchronize(_ minion: String) async throws {
        for function in ["saltutil.sync_pillar", "saltutil.sync_tops"] {
            let outcome = try await call(minion, function)
            guard outcome.status == 0 else { throw RunError(description: "\(function): \(outcome.errors)") }
        }
    }

    /// `salt-call` without a master, as the minion.
    func call(_ minion: String, _ arguments: String...) async throws -> Outcome {
        try await salt(
            "salt-call",
            ["-c", scratch.path, "--local", "--id", minion, "--out=json", "--log-level=error"] + arguments)
    }

    /// The interpreter that has Salt's modules: the one that `salt-run` names in its first line.
    static var python: String {
        get throws {
            let script = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: Repository.tool("salt-run"))), as: UTF8.self)
            return script.split(separator: "\n").first.map { $0.dropFirst("#!".count) }.map(String.init) ?? ""
        }
    }

    private func salt(_ program: String, _ arguments: [String]) async throws -> Outcome {
        try await run(
            Repository.tool(program), arguments, environment: ["HEADWATER_CONF": scratch.file("client.conf")])
    }
}
