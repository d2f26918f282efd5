import HTTP
import Tree

extension TLSSettings {
    mutating func read(_ value: Value) throws(SettingsError) {
        try Settings.each(value, "tls", ["certificate", "key", "ca", "crl"]) { key, value throws(SettingsError) in
            let file = try Settings.text(value, "tls." + key)
            switch key {
            case "certificate": certificate = file
            case "key": self.key = file
            case "ca": ca = file
            default: crl = file
            }
        }
    }
}

extension Settings {
    static func flag(_ value: Value, _ key: String) throws(SettingsError) -> Bool {
        guard case .bool(let flag) = value else {
            throw SettingsError("\(key): expected true or false, found \(value.summary)")
        }
        return flag
    }

    static func names(_ value: Value, _ key: String) throws(SettingsError) -> Set<String> {
        guard case .list(let items) = value else {
            throw SettingsError("\(key): expected a list of names, found \(value.summary)")
        }
        var names: Set<String> = []
        for (index, item) in items.enumerated() { names.insert(try text(item, "\(key)[\(index)]")) }
        return names
    }

    /// Refuses plain text where others could read along, unless the settings allow it.
    static func checkPrivacy(_ configuration: Configuration) throws(SettingsError) {
        do throws(ServerError) {
            try configuration.checkPrivacy()
        } catch .plainText(let host) {
            throw SettingsError(
                "listen: \(ServerError.plainText(host: host)); set tls.certificate and tls.key, "
                    + "or insecure: true behind a proxy that does TLS")
        } catch {
            throw SettingsError("listen: \(error)")
        }
    }

    /// No certificate has a name in capitals or with a wildcard, so one spelt so would wait in vain.
    static func check(_ names: Set<String>, of key: String) throws(SettingsError) {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789.-_".utf8)
        for name in names.sorted() where name.isEmpty || !name.utf8.allSatisfy(allowed.contains) {
            throw SettingsError(
                "\(key): \"\(name)\" is no certname; expected lower-case letters, digits, \".\", \"_\" and \"-\"")
        }
    }
}
