import Cascade
public import OrderedCollections
public import Tree

/// What Ansible is told of one host.
///
/// `Inventory` puts hosts together. Source: Ansible's developer guide, "Developing dynamic inventory"; what the
/// decoder and the variable manager of ansible-core 2.19 do was read there and tried.
public enum Ansible {
    /// Which variables of a host to give.
    public enum Variables: String, Sendable, CaseIterable {
        case all
        /// Those that say how to reach it: `ansible_host`, `ansible_user` …
        case connection
        case none
    }

    /// The variables of a host.
    ///
    /// Those of the definition's `vars` that Ansible takes for none stand under `headwater.other`.
    public static func variables(_ subject: Subject, _ which: Variables = .all) -> Map {
        switch which {
        case .all: all(subject, Marker(subject))
        case .connection: connection(subject, Marker(subject))
        case .none: [:]
        }
    }

    /// The variables that stand elsewhere, and the keys that are left out.
    public static func omissions(_ subject: Subject) -> [Omission] {
        let marker = Marker(subject)
        let moved = subject.variables.keys.compactMap { name in
            marker.refusal(of: name, of: "vars") == nil
                ? refusal(of: name).map { Omission(["vars", name], $0) } : nil
        }
        let connection = connection(subject, marker)
        let hidden = subject.variables.keys.filter { connection[$0] != nil }.map { name in
            let winner =
                name == "ansible_host" ? "the address by which it is reached" : "ansible.\(name.text.dropFirst(8))"
            return Omission(["vars", name], "left out: \(winner) takes its place")
        }
        return moved + hidden + ["vars", "ansible"].flatMap { marker.omissions(in: subject[$0], $0) }
            + Marking.text.omissions(in: subject["nics"], at: ["nics"])
    }

    private static func all(_ subject: Subject, _ marker: Marker) -> Map {
        let own = subject.variables
        var variables: Map = [:]
        variables.reserveCapacity(own.count + 8)
        var other: Map?
        for (name, value) in own {
            let isOther = refusal(of: name) != nil
            if isOther, other == nil { other = [:] }
            guard marker.refusal(of: name, of: "vars") == nil else { continue }
            let value = marker.marked(value, name, of: "vars")
            if isOther { other?[name] = value } else { variables[name] = value }
        }
        variables.merge(connection(subject, marker)) { _, last in last }
        var headwater = Marking.text.marked(subject.headwater)
        headwater["other"] = other.map(Value.map)
        variables["headwater"] = .map(headwater)
        return variables
    }

    /// `ansible.host`, or else the first address known; and `ansible_…` for each other key of the `ansible` map that
    /// is not Headwater's own.
    private static func connection(_ subject: Subject, _ marker: Marker) -> Map {
        var variables: Map = [:]
        if let address = subject.address { variables["ansible_host"] = Marking.text.marked(.string(address)) }
        for (key, value) in subject["ansible"] where isConnection(key) {
            if key == "host", value == .null { continue }
            variables["ansible_\(key)"] = marker.marked(value, key, of: "ansible")
        }
        return variables
    }

    /// Whether a key of the `ansible` map says how to reach the host, and is not Headwater's own.
    static func isConnection(_ key: Key) -> Bool { key != "groups" && key != "templates" }

    /// Where each variable of the definition stands among those of the host, if it is not left out.
    static func places(_ subject: Subject) -> [(name: Key, place: DottedPath?)] {
        let connection = connection(subject, Marker(subject))
        return subject.variables.keys.map { name in
            if refusal(of: name) != nil { return (name, ["headwater", "other", name]) }
            return (name, connection[name] == nil ? [name] : nil)
        }
    }

    /// Why a variable stands under `headwater.other`; nil if it does not.
    private static func refusal(of name: Key) -> String? {
        let place = "it stands under headwater.other"
        guard isVariable(name) else { return "Ansible takes only [A-Za-z_][A-Za-z0-9_]* for a variable; \(place)" }
        return reserved.contains(name) ? "Ansible gives \(name) a meaning of its own; \(place)" : nil
    }

    private static func isVariable(_ name: Key) -> Bool {
        name.utf8.first.map(Identifier.isDigit) == false && Identifier.isWord(name.text)
    }

    /// Names whose values a play would not see, or by which it would lose something it needs: variables that Ansible
    /// sets, functions of its templates, words of their language. Names of play keywords, such as `port`, only warn.
    static let reserved: Set<Key> = [
        "environment", "group_names", "groups", "hostvars", "inventory_dir", "inventory_file", "inventory_hostname",
        "inventory_hostname_short", "omit", "play_hosts", "playbook_dir", "role_name", "role_names", "role_path",
        "role_uuid", "self", "vars",
        "cycler", "dict", "joiner", "lipsum", "lookup", "namespace", "now", "q", "query", "range", "undef",
        "true", "false", "none", "True", "False", "None", "not",
    ]
}

extension Subject {
    /// The first address by which the machine can be reached: IPv4 before IPv6, link-local ones (RFC 3927, RFC 4291
    /// §2.5.6) excepted.
    fileprivate var address: String? {
        let nics = nics.values
        return nics.flatMap(\.ipv4).first { !$0.hasPrefix("169.254.") }
            ?? nics.flatMap(\.ipv6).first { !$0.lowercased().hasPrefix("fe80:") }
    }
}
