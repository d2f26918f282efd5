import Formats
import Foundation
import OrderedCollections
import Tree

extension Puppet {
    /// What Puppet makes of many nodes, in one process, by the code that compiles catalogs: its `exec` node terminus
    /// with our node classifier, then the top scope of a compilation, then a Hiera lookup of each key.
    ///
    /// - Parameter keys: what to look up, by certname.
    /// - Returns: by certname, `classes`, `environment`, `variables` and `values`.
    func views(_ keys: [Key: [Key]]) async throws -> Value {
        let input = Value.map(Map(uniqueKeysWithValues: keys.map { ($0, .list($1.map { .string($0.text) })) }))
        let outcome = try await run(
            Repository.tool("ruby"), ["-e", Puppet.program, "--"] + places,
            environment: [
                "HEADWATER_CONF": scratch.file("client.conf"), "VIEWS": scratch.file("views.json"),
                "NODE_CLASSIFIER": Repository.path("enc/headwater-enc"),
            ],
            input: String(decoding: JSON.encode(input), as: UTF8.self))
        guard outcome.status == 0 else {
            throw RunError(description: "ruby failed: \(outcome.errors)\(outcome.output)")
        }
        return try scratch.json("views.json")
    }

    private static let program = #"""
        require 'json'
        require 'puppet'

        nodes = JSON.parse(STDIN.read)
        Puppet.initialize_settings(ARGV)
        Puppet[:node_terminus] = :exec
        Puppet[:external_nodes] = ENV.fetch('NODE_CLASSIFIER')
        Puppet[:code] = 'undef'
        Puppet::Node.indirection.terminus_class = :exec

        views = nodes.to_h do |certname, keys|
          host, domain = certname.split('.', 2)
          facts = Puppet::Node::Facts.new(
            certname, 'clientcert' => certname, 'fqdn' => certname, 'hostname' => host, 'domain' => domain)
          node = Puppet::Node.indirection.find(certname, facts: facts, environment: Puppet.lookup(:root_environment))
          node.trusted_data = Puppet::Context::TrustedInformation.new('local', certname, {}).to_h
          view = { classes: node.classes, environment: node.environment.name, parameters: node.parameters.keys }
          # The classes' own modules are not here; that a class gets its parameters is shown by applying one.
          node.classes = {}
          compiler = Puppet::Parser::Compiler.new(node)
          compiler.compile do |catalog|
            scope = compiler.topscope
            names = view.delete(:parameters) - facts.values.keys
            view[:variables] = names.to_h { |name| [name, scope.lookupvar(name.to_s)] }
            view[:values] = keys.to_h do |key|
              invocation = Puppet::Pops::Lookup::Invocation.new(scope, {}, {})
              quoted = key.include?('.') ? "'#{key}'" : key
              [key, Puppet::Pops::Lookup.lookup(quoted, nil, nil, false, nil, invocation)]
            end
            catalog
          end
          [certname, view]
        end
        File.write(ENV.fetch('VIEWS'), JSON.generate(views))
        """#
}
