import Foundation

/// A piece through which a tool, or a person, asks the server for the data of one machine. All take the server and what
/// proves who asks from the environment and from `client.conf`.
enum ClientPiece: String, CaseIterable {
    case enc
    case hiera
    case salt
    case script = "ansible's script"
    case plugin = "ansible's plugin"
    case program

    /// How it calls itself before the server.
    var agent: String {
        switch self {
        case .enc: "headwater-enc"
        case .hiera: "headwater-hiera"
        case .salt: "headwater-salt"
        case .script, .plugin: "headwater-ansible"
        case .program: "headwater"
        }
    }

    /// Asks for the machine `web.example`.
    func ask(_ url: String, _ environment: [String: String]) async throws -> Outcome {
        let scratch = try Scratch()
        let name = "web.example"
        let variables = environment.merging(["HEADWATER_URL": url, "HOME": scratch.path]) { $1 }
        switch self {
        case .enc: return try await run(Repository.path("enc/headwater-enc"), [name], environment: variables)
        case .script:
            let script = Repository.path("plays/inventory/headwater")
            return try await run(script, ["--host", name], environment: variables)
        case .plugin:
            return try await run(
                Repository.tool("ansible-inventory"), ["--host", name],
                environment: variables.merging(["ANSIBLE_HOME": scratch.file("ansible")]) { $1 },
                directory: Repository.path("plays"))
        case .program: return try await run(Repository.product("headwater"), ["enc", name], environment: variables)
        case .salt:
            let program = "import json, sys, headwater; print(json.dumps(headwater.ext_pillar(sys.argv[1], {})))"
            let modules = ["PYTHONPATH": Repository.path("enc/salt/pillar"), "PYTHONDONTWRITEBYTECODE": "1"]
            return try await run(
                Salt.python, ["-c", program, name], environment: variables.merging(modules) { $1 })
        case .hiera:
            try scratch.makeDirectory("code/environments/production/manifests")
            try scratch.makeDirectory("modules")
            try scratch.link("modules/headwater", to: Repository.path("hiera"))
            try scratch.write(
                "hiera.yaml",
                """
                version: 5
                hierarchy:
                  - {name: Headwater, data_hash: headwater::data, uri: "\(url)/hiera/\(name)"}

                """)
            let facts = try scratch.write("facts.json", #"{"kernel": "Linux"}"#)
            let places = [
                ("confdir", "conf"), ("vardir", "var"), ("codedir", "code"), ("basemodulepath", "modules"),
                ("hiera_config", "hiera.yaml"),
            ].map { "--\($0)=\(scratch.file($1))" }
            return try await run(
                Repository.tool("puppet"),
                ["lookup"] + places + ["--color=false", "--node", name, "--facts", facts, "who"],
                environment: variables.mapValues { $0 })
        }
    }
}
