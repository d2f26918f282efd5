import Formats
import Foundation
import Logging
import OrderedCollections
import Service
import Tree

extension Settings {
    /// Takes over what a file in YAML or JSON says.
    mutating func read(file: String) throws(SettingsError) {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw SettingsError("\(file): cannot be read; expected a file in YAML or JSON")
        }
        let value = try Settings.parse(Array(data), of: file)
        guard value != .null else { return }
        do throws(SettingsError) {
            try read(value)
        } catch {
            throw SettingsError("\(file): \(error)")
        }
    }

    private static func parse(_ bytes: [UInt8], of file: String) throws(SettingsError) -> Value {
        do throws(FormatError) {
            return try file.hasSuffix(".json") ? JSON.decode(bytes) : YAML.decode(bytes)
        } catch {
            throw SettingsError("\(file):\(error.line):\(error.column): \(error.message)")
        }
    }

    private mutating func read(_ value: Value) throws(SettingsError) {
        let known = [
            "listen", "state", "store", "log", "tls", "insecure", "compilers", "compiler-roles", "reserved", "limits",
            "operations", "audit", "documents", "history", "hypervisors",
        ]
        try Settings.each(value, "the file", known) { key, value throws(SettingsError) in
            switch key {
            case "listen": listen = try ListenAddress(Settings.text(value, key))
            case "state": state = try Settings.text(value, key)
            case "store": store = try Settings.text(value, key)
            case "log": log = try Settings.level(Settings.text(value, key))
            case "tls": try tls.read(value)
            case "insecure": isPlainTextAllowed = try Settings.flag(value, key)
            case "compilers": compilers = try Settings.names(value, key)
            case "compiler-roles": compilerRoles = try Settings.names(value, key)
            case "reserved": reserved = try Settings.names(value, key)
            case "limits": try limits.read(value)
            case "history": try history.read(value)
            case "hypervisors": try reach.read(value)
            case "operations": try operations.read(value)
            case "audit": try audit.read(value)
            default: documents = try Settings.bytes(value, key)
            }
        }
    }

    static func level(_ text: String) throws(SettingsError) -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError("log: expected one of \(levels), found \"\(text)\"")
        }
        return level
    }

    static func each(
        _ value: Value, _ what: String, _ known: [String], _ read: (String, Value) throws(SettingsError) -> Void
    ) throws(SettingsError) {
        guard case .map(let map) = value else {
            throw SettingsError("expected \(what) to be a map, found \(value.kind)")
        }
        for (name, value) in map {
            let key = name.text
            guard known.contains(key) else {
                let hint = Spelling.nearest(to: key, among: known).map { "did you mean \"\($0)\"?" }
                throw SettingsError(
                    "unknown key \"\(key)\"; \(hint ?? "expected one of \(known.joined(separator: ", "))")")
            }
            try read(key, value)
        }
    }

    fileprivate static func number(
        _ value: Value, _ key: String, _ range: ClosedRange<Int>
    ) throws(SettingsError) -> Int {
        if let number = value.integer, range.contains(number) { return number }
        let bounds =
            range.upperBound == .max ? "\(range.lowerBound) upward" : "\(range.lowerBound) to \(range.upperBound)"
        throw SettingsError("\(key): expected an integer from \(bounds), found \(value.summary)")
    }

    static func text(_ value: Value, _ key: String) throws(SettingsError) -> String {
        guard case .string(let text) = value else {
            throw SettingsError("\(key): expected a string, found \(value.summary)")
        }
        return text
    }

    fileprivate static func bytes(_ value: Value, _ key: String) throws(SettingsError) -> Int {
        guard let size = Size(value) else {
            throw SettingsError("\(key): expected a size such as 16MiB or a number of bytes, found \(value.summary)")
        }
        return size.bytes
    }
}

extension Settings.Limits {
    fileprivate mutating func read(_ value: Value) throws(SettingsError) {
        let known = [
            "body", "header", "depth", "entries", "connections", "connections-per-address", "idle", "body-rate",
            "threads",
        ]
        try Settings.each(value, "limits", known) { key, value throws(SettingsError) in
            switch key {
            case "body": body = try Settings.bytes(value, "limits.body")
            case "header": header = try Settings.bytes(value, "limits.header")
            case "depth": depth = try Settings.number(value, "limits.depth", 1...128)
            case "entries": entries = try Settings.number(value, "limits.entries", 1...10_000_000)
            case "connections": connections = try Settings.number(value, "limits.connections", 1...1_000_000)
            case "connections-per-address":
                connectionsPerAddress = try Settings.number(value, "limits.connections-per-address", 0...1_000_000)
            case "idle": idle = try Settings.number(value, "limits.idle", 0...86_400)
            case "body-rate": bodyRate = try Settings.number(value, "limits.body-rate", 0...1_000_000_000)
            default: threads = try Settings.number(value, "limits.threads", 0...1_024)
            }
        }
    }
}

extension AuditRetention {
    fileprivate mutating func read(_ value: Value) throws(SettingsError) {
        try Settings.each(value, "audit", ["rows", "days"]) { key, value throws(SettingsError) in
            switch key {
            case "rows": rows = try Settings.number(value, "audit.rows", 1...100_000_000)
            default: days = try Settings.number(value, "audit.days", 1...36_500)
            }
        }
    }
}

extension Settings.Operations {
    fileprivate mutating func read(_ value: Value) throws(SettingsError) {
        try Settings.each(value, "operations", ["grace", "patience", "keep", "days"]) {
            key, value throws(SettingsError) in
            switch key {
            case "grace": grace = try Settings.number(value, "operations.grace", 0...86_400)
            case "patience": patience = try Settings.number(value, "operations.patience", 0...604_800)
            case "keep": keep = try Settings.number(value, "operations.keep", 0...10_000_000)
            default: days = try Settings.number(value, "operations.days", 1...36_500)
            }
        }
    }
}

extension Retention {
    fileprivate mutating func read(_ value: Value) throws(SettingsError) {
        try Settings.each(value, "history", ["days", "revisions"]) { key, value throws(SettingsError) in
            switch key {
            case "days": days = try Settings.number(value, "history.days", 1...36_500)
            default: revisions = try Settings.number(value, "history.revisions", 1...Int.max)
            }
        }
    }
}
