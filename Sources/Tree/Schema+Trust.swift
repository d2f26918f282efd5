extension Schema {
    /// Whether the right `trust` is needed to write a value at a key, or one that may hold such: it could run code
    /// elsewhere, or reach what is not one's own.
    ///
    /// That is what machines are made of and on, how Ansible connects, what lets values through to tools that would run
    /// them, and the domain in which machines have their names.
    public static func needsTrust(_ key: some Collection<Key>) -> Bool {
        trusted.contains { $0.starts(with: key) || key.starts(with: $0) }
    }

    private static let trusted: [[Key]] = {
        let supply = classes.filter { $0.value == .supply && $0.key != "prototypes" }.keys.sorted()
        return supply.map { [$0] } + [["ansible"], ["puppet", "interpolate"], ["domain"]]
    }()
}
