import Lifecycle
import OrderedCollections
import Tree

extension Reach {
    /// Takes over what the settings say. A list replaces its default.
    mutating func read(_ value: Value) throws(SettingsError) {
        try Settings.each(value, "hypervisors", ["uris", "parameters"]) { key, value throws(SettingsError) in
            switch key {
            case "uris": uris = try Self.patterns(value)
            default: parameters = Set(try Settings.names(value, "hypervisors.parameters").map { $0.lowercased() })
            }
        }
    }

    private static func patterns(_ value: Value) throws(SettingsError) -> [String] {
        let key = "hypervisors.uris"
        guard case .list(let list) = value else {
            throw SettingsError("\(key): expected a list of URIs such as qemu+tls://*/system, found \(value.summary)")
        }
        var patterns: [String] = []
        for value in list {
            let pattern = try Settings.text(value, key)
            guard pattern.contains("://"), !pattern.contains("?"), !pattern.hasPrefix("*") else {
                throw SettingsError(
                    "\(key): expected a driver, a host and a path, such as qemu+tls://*/system, found \"\(pattern)\"")
            }
            patterns.append(pattern)
        }
        return patterns
    }
}
