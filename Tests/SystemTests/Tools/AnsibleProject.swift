import OrderedCollections
import Tree

/// A playbook with `host_vars` and `group_vars` beside it and beside its inventory, which has three sources: a file of
/// hosts, Headwater or what stands for it, and another file of hosts.
struct AnsibleProject {
    private let scratch: Scratch
    private let ansible: Ansible

    /// - Parameters:
    ///   - source: Headwater's; nil for a file that holds all that the script gives.
    ///   - programs: where Ansible's programs are.
    init(_ daemon: Daemon, _ source: Ansible.Source?, programs: String? = nil) async throws {
        scratch = try Scratch()
        for (name, text) in Self.files { try scratch.write(name, text) }
        let file: String
        switch source {
        case .plugin: file = try scratch.write("inventory/headwater.yml", "plugin: headwater\n")
        case .script:
            file = scratch.file("inventory/headwater")
            try scratch.link("inventory/headwater", to: Repository.path("plays/inventory/headwater"))
        case nil:
            var script = try Ansible(daemon, .script)
            script.programs = programs
            file = try scratch.write("inventory/plain.yml", await script.inventory("--list", "--yaml").output)
        }
        let sources = [scratch.file("first/hosts.yml"), file, scratch.file("last/hosts.yml")]
        var ansible = Ansible(daemon, sources: sources, home: scratch)
        ansible.programs = programs
        ansible.environment["ANSIBLE_INVENTORY_ENABLED"] = "headwater,script,yaml"
        self.ansible = ansible
    }

    /// All variables of the hosts, as `ansible-inventory` finds them.
    func variables() async throws -> Outcome {
        try await ansible.inventory("--list", "--playbook-dir", scratch.path)
    }

    /// What a play has of `web.lab`: who said each of the variables.
    func play() async throws -> (outcome: Outcome, seen: Value) {
        let outcome = try await ansible.playbook(scratch.file("play.yml"))
        return (outcome, (try? scratch.json("seen.json")) ?? .null)
    }

    /// The machine that the files speak of.
    static let machine: Value = [
        "vars": .map(
            Map(
                uniqueKeysWithValues: [
                    "alone", "or_group", "or_group_of_play", "or_host", "or_host_of_play", "or_first",
                    "or_host_of_first",
                    "or_last",
                ].map { ($0, "headwater") })),
        "ansible": ["connection": "local", "python_interpreter": "{{ ansible_playbook_python }}", "templates": true],
    ]

    /// Who says each of the variables in the end: a file on hosts before Headwater, Headwater before a file on groups.
    static let expected: Value = [
        "alone": "headwater", "or_group": "headwater", "or_group_of_play": "headwater", "or_host": "host",
        "or_host_of_play": "host of play", "or_first": "headwater", "or_host_of_first": "host of first",
        "or_last": "last", "in_group": "group", "in_group_of_play": "group of play", "in_groups": "group of play",
        "in_hosts": "host of play",
    ]

    private static let files = [
        "first/hosts.yml": "all: {hosts: {web.lab: {or_first: first, or_host_of_first: first}}}\n",
        "first/host_vars/web.lab.yml": "or_host_of_first: host of first\n",
        "last/hosts.yml": "all: {hosts: {web.lab: {or_last: last}}}\n",
        "inventory/group_vars/all.yml": "or_group: group\nin_group: group\nin_groups: group\n",
        "inventory/host_vars/web.lab.yml": "or_host: host\nin_hosts: host\n",
        "group_vars/lab.yml":
            "or_group_of_play: group of play\nin_group_of_play: group of play\nin_groups: group of play\n",
        "host_vars/web.lab.yml": "or_host_of_play: host of play\nin_hosts: host of play\n",
        "play.yml": """
        - hosts: web.lab
          gather_facts: false
          tasks:
            - copy:
                dest: "{{ playbook_dir }}/seen.json"
                content: "{{ dict(names | zip(names | map('extract', vars))) | to_json }}"
              vars:
                names: [\(expected.map?.keys.map(\.text).joined(separator: ", ") ?? "")]
        """,
    ]
}
