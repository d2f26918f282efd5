import Formats
import Foundation
import OrderedCollections
import Tree

/// A Puppet installation in a directory of its own: our Hiera module, our node classifier, no server and no agent.
struct Puppet {
    let scratch: Scratch
    let url: String
    let token: String

    /// - Parameters:
    ///   - options: of our entry of the hierarchy, beside the token and the timeout, each with a comma before it.
    ///   - levels: the hierarchy's entries after ours, as YAML.
    init(
        _ daemon: Daemon, environments: [String] = ["production", "teaching"], options: String = "", levels: String = ""
    ) throws {
        scratch = try Scratch()
        url = daemon.url
        token = daemon.token
        for environment in environments { try scratch.makeDirectory("code/environments/\(environment)/manifests") }
        try scratch.makeDirectory("modules")
        try scratch.link("modules/headwater", to: Repository.path("hiera"))
        try scratch.write("token", token + "\n", mode: 0o600)
        try hierarchy(
            """
              - name: Headwater
                data_hash: headwater::data
                uri: "\(url)/hiera/%{trusted.certname}"
                options: {token_file: "\(scratch.file("token"))", timeout: 4\(options)}
            \(levels)
            """)
        try scratch.write(
            "client.conf", "url=\(url)\ntoken=\(token)\ncache=\(scratch.file("cache"))\n", mode: 0o600)
    }

    /// Replaces the hierarchy of Hiera.
    func hierarchy(_ levels: String) throws {
        try scratch.write("hiera.yaml", "version: 5\nhierarchy:\n\(levels)\n")
    }

    /// Adds a module with one class, its text written in Puppet's language.
    func module(_ name: String, _ manifest: String) throws {
        try scratch.write("modules/\(name)/manifests/init.pp", manifest)
    }

    /// `puppet lookup`: what Hiera answers for a key of a node.
    func lookup(_ keys: String..., of certname: String, options: [String] = ["--render-as", "json"]) async throws
        -> Outcome
    {
        let labels = certname.split(separator: ".", maxSplits: 1).map(String.init)
        let facts: Value = [
            "clientcert": .string(certname), "fqdn": .string(certname), "hostname": .string(labels.first ?? ""),
            "domain": .string(labels.last ?? ""),
        ]
        let file = try scratch.write("facts-\(certname).json", String(decoding: JSON.encode(facts), as: UTF8.self))
        return try await puppet(["lookup"], ["--node", certname, "--facts", file] + options + keys)
    }

    /// `puppet apply` of a site that says nothing: classes come from the node classifier.
    func apply(
        _ certname: String, options: [String] = [], environment: [String: String?] = [:]
    ) async throws -> Outcome {
        let site = try scratch.write("site.pp", "node default { }\n")
        return try await puppet(
            ["apply"],
            [
                "--node_terminus", "exec", "--external_nodes", Repository.path("enc/headwater-enc"),
                "--certname", certname, "--node_name_value", certname,
            ] + options + [site], environment)
    }

    /// Compiles catalogs one after the other in one process, as a puppetserver does; each notifies of what
    /// `lookup('seen')` answers.
    ///
    /// - Parameter pause: seconds between one and the next.
    /// - Returns: the answers, and on a last line how many connections were made for them.
    func catalogs(of certnames: [String], pause: Int = 0) async throws -> Outcome {
        try scratch.write(
            "code/environments/production/manifests/site.pp", "notify { 'seen': message => lookup('seen') }\n")
        let program = try scratch.write(
            "catalogs.rb",
            """
            require 'puppet'

            made = 0
            Net::HTTP.prepend(Module.new { define_method(:connect) { made += 1; super() } })

            places, names = ARGV.partition { |argument| argument.start_with?('--') }
            Puppet.initialize_settings(places)
            Puppet.push_context(Puppet.base_context(Puppet.settings))
            names.each_with_index do |name, number|
              sleep \(pause) if number.positive?
              environment = Puppet::Node::Environment.create(
                :production, [Puppet[:basemodulepath]], "#{Puppet[:codedir]}/environments/production/manifests"
              )
              node = Puppet::Node.new(name, environment: environment, facts: Puppet::Node::Facts.new(name, {}))
              node.trusted_data = { 'authenticated' => 'remote', 'certname' => name, 'extensions' => {} }
              node.add_server_facts({})
              puts Puppet::Parser::Compiler.compile(node).resource('Notify', 'seen')[:message]
            end
            puts "connections: #{made}"
            """)
        let places = [
            ("confdir", "conf"), ("vardir", "var"), ("codedir", "code"), ("basemodulepath", "modules"),
            ("hiera_config", "hiera.yaml"),
        ].map { "--\($0)=\(scratch.file($1))" }
        return try await run(Repository.tool("ruby"), [program] + places + certnames)
    }

    /// The file with the last document that Hiera got of a machine.
    func copy(of certname: String) throws -> String {
        let found = FileManager.default.enumerator(atPath: scratch.file("cache/hiera"))?.compactMap { $0 as? String }
        let files = (found ?? []).filter { $0.hasSuffix("/\(certname).json") }
        guard files.count == 1 else { throw RunError(description: "\(certname) has the copies \(files)") }
        return "cache/hiera/\(files[0])"
    }

    /// The newest of the reports that `--reports store` left, as YAML.
    func lastReport(of certname: String) throws -> String {
        let directory = "var/reports/\(certname)"
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.file(directory)).sorted()
        return try scratch.read("\(directory)/\(names.last ?? "")")
    }

    private func puppet(_ verb: [String], _ arguments: [String], _ environment: [String: String?] = [:]) async throws
        -> Outcome
    {
        let conf = ["HEADWATER_CONF": scratch.file("client.conf") as String?]
        return try await run(
            Repository.tool("puppet"), verb + places + ["--color=false"] + arguments,
            environment: conf.merging(environment) { $1 })
    }

    /// The settings that keep Puppet within its directory.
    var places: [String] {
        [
            "--confdir", scratch.file("conf"), "--vardir", scratch.file("var"), "--codedir", scratch.file("code"),
            "--basemodulepath", scratch.file("modules"), "--hiera_config", scratch.file("hiera.yaml"),
        ]
    }
}
