import OrderedCollections
import Tree

/// What `ansible-inventory --list` printed.
struct Inventory {
    let document: Map

    init(_ document: Value) {
        self.document = document.map ?? [:]
    }

    /// A host's variables as a play sees them.
    func variables(of host: String) -> Map {
        document["_meta"]?["hostvars"]?[host]?.unmarked.map ?? [:]
    }

    /// The groups that list a host among their own.
    func groups(of host: String) -> Set<String> {
        Set(document.filter { $0.value["hosts"]?.list?.contains(.string(host)) ?? false }.keys.map(\.text))
    }

    /// Whether Ansible has a variable of this name for a user: an identifier of ASCII that it does not need itself.
    static func isVariable(_ name: String) -> Bool {
        let taken = ["groups", "group_names", "hostvars", "inventory_hostname", "environment", "vars"]
        return name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil && !taken.contains(name)
    }
}
