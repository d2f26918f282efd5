import OrderedCollections
import Tree

/// What the service itself says of one machine, and the rules by which each tool's documents differ from it.
///
/// The rules are those of the wire formats' description, said again here in other words, so that a mistake in the
/// service does not repeat itself in its test.
struct Truth {
    let path: String
    let certname: String
    let computed: Value

    /// All variables. Salt's pillar and Hiera have each of them.
    var variables: Map { computed["vars"]?.map ?? [:] }

    /// The variables that Puppet can take as such, and `$environment`, which it sets itself.
    var puppetVariables: Map {
        let taken = ["environment", "trusted", "facts", "server_facts", "name", "title", "module_name", "clientcert"]
        var variables = variables.filter { name, _ in
            name.text.wholeMatch(of: /[a-z_][A-Za-z0-9_]*/) != nil && !taken.contains(name.text)
        }
        variables["environment"] = environment
        return variables
    }

    /// Puppet's classes with their parameters; a list of names has none.
    var classes: Map {
        switch computed["puppet"]?["classes"] {
        case .map(let map): map
        case .list(let names): Map(uniqueKeysWithValues: names.compactMap(\.string).map { (Key($0), [:]) })
        default: [:]
        }
    }

    var environment: Value { computed["puppet"]?["environment"] ?? "production" }

    /// Ansible's connection variables: what `ansible` says, `groups` and `templates` apart, each with its prefix; and an
    /// address, if it says none: the first of a network card, IPv4 before IPv6.
    var connection: Map {
        var connection: Map = [:]
        let cards = (computed["nics"]?.map ?? [:]).values
        let addresses = ["ipv4", "ipv6"].flatMap { kind in cards.flatMap { $0[kind]?.list ?? [] } }
        if let address = addresses.first?.string {
            connection["ansible_host"] = .string(String(address.prefix { $0 != "/" }))
        }
        for (key, value) in computed["ansible"]?.map ?? [:] where key != "groups" && key != "templates" {
            connection["ansible_\(key)"] = value
        }
        return connection
    }

    /// The groups that Ansible must list the machine in, its folder's ancestors apart.
    var groups: Set<String> {
        let folder = path.split(separator: "/").dropLast().joined(separator: "__").replacing("-", with: "_")
        let listed = (computed["ansible"]?["groups"]?.list ?? []).compactMap(\.string)
        let hypervisor = computed["hypervisor"]?.string.map { ["hypervisor_" + $0] } ?? []
        return Set(listed + hypervisor + ["state_provisioned", folder.first?.isNumber == true ? "_" + folder : folder])
    }

    /// The states of Salt's top, by environment.
    var top: Map {
        let environment = computed["salt"]?["environment"]?.string ?? "base"
        return [Key(environment): computed["salt"]?["states"] ?? []]
    }
}

extension Value {
    /// The same with the keys of all maps in one order, for tools that sort them.
    var sorted: Value {
        switch self {
        case .map(let map): .map(Map(uniqueKeysWithValues: map.sorted { $0.key < $1.key }.map { ($0, $1.sorted) }))
        case .list(let list): .list(list.map(\.sorted))
        default: self
        }
    }

    /// The same with Ansible's marks for texts that are no templates undone.
    var unmarked: Value {
        switch self {
        case .map(let map):
            if map.count == 1, let text = map["__ansible_unsafe"] { return text }
            return .map(map.mapValues(\.unmarked))
        case .list(let list): return .list(list.map(\.unmarked))
        default: return self
        }
    }
}
