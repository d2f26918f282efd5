/// The keys that a definition may hold, and what each may be.
///
/// Layers are checked as they are written, where a string with a reference may stand for any value; computed
/// definitions are checked again, when every value is known.
public enum Schema {
    /// When a key may change on a descriptor.
    public enum Class: String, Sendable, CaseIterable {
        /// While provisioned.
        case creation
        /// While provisioned, created or stopped.
        case runtime
        /// Always.
        case data
        /// Always, by those who may grant.
        case policy
        /// Always: maps of named things, seen by the branch.
        case supply
        /// Instructions to the cascade; as the strictest key they touch.
        case cascade
    }

    /// The classes of the top-level keys.
    public static let classes: [Key: Class] = [
        "hypervisor": .creation, "image": .creation, "machine": .creation, "firmware": .creation, "disks": .creation,
        "hardware": .runtime, "nics": .runtime, "cdroms": .runtime, "boot": .runtime, "limits": .runtime,
        "autostart": .runtime,
        "vars": .data, "puppet": .data, "ansible": .data, "salt": .data, "certname": .data, "domain": .data,
        "note": .data, "wanted": .data,
        "access": .policy,
        "hypervisors": .supply, "images": .supply, "networks": .supply, "pools": .supply, "prototypes": .supply,
        "prototype": .cascade, "merge": .cascade, "unset": .cascade,
    ]

    /// The runtime keys that a hypervisor changes at any time, whatever the machine does.
    public static let live: Set<Key> = ["autostart"]

    /// The key below which values may be of any kind, so that whatever a reference brings there fits.
    public static let free: Key = "vars"

    /// The longest key that the tools' YAML loaders take, in characters, its quotes and escapes included (libyaml's
    /// limit on simple keys, YAML 1.2 §7.4).
    public static let longestKey = 1024

    /// What is wrong with a definition as it was written at one entry.
    public static func problems(inLayer definition: Map) -> [Problem] {
        problems(in: definition, isLayer: true)
    }

    /// What is wrong with a computed definition, whose references are resolved.
    public static func problems(inComputed definition: Map) -> [Problem] {
        problems(in: definition, isLayer: false)
    }

    private static func problems(in definition: Map, isLayer: Bool) -> [Problem] {
        var inspection = Inspection(isLayer: isLayer)
        inspection.check(.map(definition), fields)
        return inspection.problems
    }

    /// The keys that a computed definition may hold.
    static let computedFields = Shape.record(
        machineFields.merging(dataFields) { one, _ in one }.merging(supplyFields) { one, _ in one })

    private static let fields: Shape = {
        let prototypes = Shape.map(
            keys: "a prototype's name such as web", Form.isName, of: .literal(.record(prototypeFields)))
        return .record(
            prototypeFields.merging(["prototypes": .literal(prototypes)]) { _, own in own }
                .merging(policyFields) { _, own in own })
    }()

    /// A prototype may hold all that a definition may, but prototypes.
    private static let prototypeFields: [Key: Shape] = machineFields.merging(dataFields) { one, _ in one }
        .merging(["access": .forbidden(prototypeAccess)]) { one, _ in one }
        .merging(supplyFields) { one, _ in one }
        .merging(cascadeFields) { one, _ in one }

    private static let name = Shape.form("a name such as lab-1", Form.isName)
    private static let texts = Shape.list(of: .text)
    private static let size = Shape.value("a size such as 10GiB, or a number of bytes") { Size($0) != nil }

    private static func literalList(of shape: Shape) -> Shape {
        .literal(.list(of: .literal(shape)))
    }

    private static func named(_ what: String, _ shape: Shape) -> Shape {
        .map(keys: "\(what)'s name such as lab-1", Form.isName, of: shape)
    }

    private static let machineFields: [Key: Shape] = [
        "hypervisor": name,
        "image": name,
        "machine": .form("a machine type such as q35", Form.isName),
        "firmware": .choice(["bios", "uefi"]),
        "disks": named(
            "a disk",
            .record([
                "size": size, "image": name, "mode": .choice(["overlay", "copy"]), "pool": name,
                "bus": .choice(["virtio", "sata", "scsi", "ide"]), "format": .choice(["qcow2", "raw"]),
            ])),
        "hardware": .record(["cpus": .integer(1...1024), "memory": size]),
        "nics": named(
            "a network card",
            .record([
                "network": name,
                "model": .choice(["virtio", "e1000", "e1000e", "rtl8139"]),
                "mac": .form("a unicast MAC address such as 52:54:00:12:34:56", Form.isMAC),
                "ipv4": .list(of: .form("an IPv4 address such as 10.0.0.7 or 10.0.0.7/24", Form.isIPv4)),
                "ipv6": .list(of: .form("an IPv6 address such as 2001:db8::7 or 2001:db8::7/64", Form.isIPv6)),
            ])),
        "cdroms": named("a CD drive", .record(["image": name])),
        "boot": .list(of: .choice(["disk", "cdrom", "network"])),
        "limits": .record(["cpu_shares": .integer(2...262_144)]),
        "autostart": .boolean,
    ]

    private static let dataFields: [Key: Shape] = [
        "vars": .openRecord([:], others: variable),
        "puppet": .record([
            "classes": .either(
                .list(of: .form("a class name such as ntp or profile::web", Form.isPuppetClass)),
                .map(
                    keys: "a class name such as ntp or profile::web", Form.isPuppetClass,
                    of: .either(.openRecord([:]) { _ in .anything }, .value("null") { $0 == .null }))),
            "environment": .form("an environment such as production", Form.isPuppetEnvironment),
            "lookup_options": .openRecord([:]) { _ in .anything },
            "interpolate": .boolean,
        ]),
        "ansible": .openRecord(
            [
                "groups": .list(of: .form("a group name such as web_servers", Form.isAnsibleGroup)),
                "templates": .boolean,
            ], others: connectionVariable),
        "salt": .record(["states": texts, "environment": .form("an environment such as base", Form.isName)]),
        "certname": .form("a certname such as web.example.org", Form.isCertname),
        "domain": .form("a domain such as example.org", Form.isDomain),
        "note": .text,
        // Literal, or who may change a variable could start and stop machines.
        "wanted": .literal(
            .either(
                .choice(["running", "stopped"]),
                .record(["state": .choice(["running", "stopped"]), "keep": .boolean]))),
    ]

    private static let prototypeAccess =
        "who may do what is said where an entry stands, not in a prototype; expected access beside prototypes"

    private static let principals = literalList(
        of: .form("a user such as ana or a group such as @teachers", Form.isPrincipal))
    private static let verbs = literalList(
        of: .choice([
            "view", "view-secrets", "create-folder", "edit", "delete", "start", "stop", "create", "destroy", "console",
            "snapshot", "grant", "trust",
        ]))

    /// Literal, or who may change a variable could change who may do what.
    private static let policyFields: [Key: Shape] = [
        "access": .literal(
            .record([
                "managers": principals, "users": principals, "readers": principals,
                "may": .literal(.record(["manager": verbs, "user": verbs, "reader": verbs])),
            ]))
    ]

    private static let supplyFields: [Key: Shape] = [
        "hypervisors": named(
            "a hypervisor",
            .record([
                "driver": .choice(["libvirt", "memory"]), "uri": .text, "concurrency": .integer(1...256),
                "latency": .value("a number of seconds such as 0.2", Form.isNumber(in: 0...3600)),
                "faults": .value("a share from 0 to 1 such as 0.1", Form.isNumber(in: 0...1)),
            ])),
        "images": named(
            "an image",
            .record([
                "file": .form("an absolute file name such as /srv/images/debian.qcow2", Form.isAbsolute),
                "pool": name, "volume": .text, "format": .choice(["qcow2", "raw", "iso"]), "size": size,
            ])),
        "networks": named("a network", .record(["network": .text, "bridge": .text])),
        "pools": named(
            "a pool",
            .record(["pool": .text, "path": .form("an absolute directory such as /srv/vms", Form.isAbsolute)])),
    ]

    private static let cascadeFields: [Key: Shape] = [
        "prototype": .literal(.either(name, literalList(of: name))),
        "merge": .literal(.openRecord([:], others: strategy)),
        "unset": literalList(of: .judged("a dotted path such as vars.proxy", refusal(unsetting:))),
    ]

    private static func strategy(_ key: Key) -> Shape {
        guard Form.isDottedPath(key.text) else {
            return .forbidden("expected the key to be a dotted path such as vars.ntp_servers, found \"\(key)\"")
        }
        return refusal(naming: key.text).map(Shape.forbidden)
            ?? .literal(.choice(["deep", "replace", "append", "prepend", "unique"]))
    }

    private static func refusal(unsetting text: String) -> String? {
        guard Form.isDottedPath(text) else {
            return "expected a dotted path such as vars.proxy, found \(Value.string(text).summary)"
        }
        return refusal(naming: text)
    }

    private static func variable(_ key: Key) -> Shape {
        if key == "headwater" {
            return .forbidden("\"headwater\" is what the service itself adds; expected another name")
        }
        if key.hasPrefix("ansible_") {
            let field = key.text.dropFirst("ansible_".count)
            return .forbidden(
                "variables that steer Ansible's connection have a place of their own; expected ansible.\(field)")
        }
        return .anything
    }

    private static func connectionVariable(_ key: Key) -> Shape {
        guard Form.isIdentifier(key.text), !key.hasPrefix("ansible_") else {
            return .forbidden(
                "expected the name of an ansible_ variable without that prefix, such as user, found \"\(key)\"")
        }
        return .anything
    }
}
