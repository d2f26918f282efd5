import OrderedCollections
import Testing
import Tree

@Suite("The schema")
struct SchemaTests {
    @Test("takes a definition that uses every key")
    func complete() {
        #expect(told(complete: everything) == [])
        var local = everything
        var prototype = everything
        prototype["access"] = nil
        local["prototypes"] = ["web": .map(prototype)]
        #expect(told(local) == [])
    }

    @Test("knows the class of each top-level key")
    func classes() {
        let instructions: Set<Key> = ["prototypes", "prototype", "merge", "unset"]
        #expect(Set(Schema.classes.keys) == Set(everything.keys).union(instructions))
    }

    @Test(
        "refuses an unknown key and names the nearest known one",
        arguments: [
            Refusal(["hardwre": [:]], "hardwre: unknown key \"hardwre\"; did you mean \"hardware\"?"),
            Refusal(["hardware": ["cpu": 2]], "hardware.cpu: unknown key \"cpu\"; did you mean \"cpus\"?"),
            Refusal(["hardware": ["ram": 2]], "hardware.ram: unknown key \"ram\"; expected one of cpus, memory"),
            Refusal(["disks": ["root": ["sise": 2]]], "disks.root.sise: unknown key \"sise\"; did you mean \"size\"?"),
            Refusal(
                ["a.b": 1],
                "\"a.b\": unknown key \"a.b\"; names of your own go under vars"
            ),
            Refusal(
                ["access": ["owners": []]],
                "access.owners: unknown key \"owners\"; expected one of managers, may, readers, users"
            ),
            Refusal(["puppet": ["class": []]], "puppet.class: unknown key \"class\"; did you mean \"classes\"?"),
            Refusal(["salt": ["state": []]], "salt.state: unknown key \"state\"; did you mean \"states\"?"),
        ])
    func unknown(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test(
        "refuses a value of another type or form, and says what is expected and what was found",
        arguments: [
            Refusal(["hypervisor": 1], "hypervisor: expected a name such as lab-1, found the integer 1"),
            Refusal(["hypervisor": ".."], "hypervisor: expected a name such as lab-1, found the string \"..\""),
            Refusal(["image": .null], "image: expected a name such as lab-1, found null"),
            Refusal(
                ["vars": .null],
                "vars: expected a map, found null; leave the key out, write {} for an empty map, or take away what is "
                    + "inherited with unset: [vars]"),
            Refusal(
                ["disks": ["data": .null]],
                "disks.data: expected a map, found null; leave the key out, write {} for an empty map, or take away what is "
                    + "inherited with unset: [disks.data]"),
            Refusal(["machine": "q 35"], "machine: expected a machine type such as q35, found the string \"q 35\""),
            Refusal(["firmware": "efi"], "firmware: expected bios or uefi, found the string \"efi\""),
            Refusal(["hardware": 4], "hardware: expected a map, found the integer 4"),
            Refusal(
                ["hardware": ["cpus": 0]], "hardware.cpus: expected an integer from 1 to 1024, found the integer 0"),
            Refusal(
                ["hardware": ["cpus": "2"]], "hardware.cpus: expected an integer from 1 to 1024, found the string \"2\""
            ),
            Refusal(
                ["hardware": ["cpus": 2.0]], "hardware.cpus: expected an integer from 1 to 1024, found the float 2.0"),
            Refusal(["hardware": ["memory": "2GB"]], size("hardware.memory", "the string \"2GB\"")),
            Refusal(["hardware": ["memory": [1]]], size("hardware.memory", "a list")),
            Refusal(["disks": ["root": ["size": 0]]], size("disks.root.size", "the integer 0")),
            Refusal(
                ["disks": ["root": ["bus": "usb"]]],
                "disks.root.bus: expected virtio, sata, scsi or ide, found the string \"usb\""
            ),
            Refusal(["disks": ["root": ["mode": true]]], "disks.root.mode: expected overlay or copy, found true"),
            Refusal(["disks": ["root": "20G"]], "disks.root: expected a map, found the string \"20G\""),
            Refusal(
                ["disks": ["/dev/sda": [:]]],
                "disks./dev/sda: expected the key to be a disk's name such as lab-1, found \"/dev/sda\""
            ),
            Refusal(["disks": [["size": "1G"]]], "disks: expected a map, found a list"),
            Refusal(["nics": ["eth0": ["mac": "52:54:00:12:34"]]], mac("52:54:00:12:34")),
            Refusal(["nics": ["eth0": ["mac": "53:54:00:12:34:56"]]], mac("53:54:00:12:34:56")),
            Refusal(["nics": ["eth0": ["mac": "52-54-00-12-34-56"]]], mac("52-54-00-12-34-56")),
            Refusal(["nics": ["eth0": ["mac": "5 :54:00:12:34:56"]]], mac("5 :54:00:12:34:56")),
            Refusal(
                ["nics": ["eth0": ["model": "ne2000"]]],
                "nics.eth0.model: expected virtio, e1000, e1000e or rtl8139, found the string \"ne2000\""
            ),
            Refusal(["boot": ["disk", "usb"]], "boot.1: expected disk, cdrom or network, found the string \"usb\""),
            Refusal(
                ["boot": "disk"],
                "boot: expected a list of which each element is disk, cdrom or network, found the string \"disk\""
            ),
            Refusal(
                ["limits": ["cpu_shares": 1]],
                "limits.cpu_shares: expected an integer from 2 to 262144, found the integer 1"
            ),
            Refusal(["vars": []], "vars: expected a map, found a list"),
            Refusal(["salt": ["states": [1]]], "salt.states.0: expected a string, found the integer 1"),
            Refusal(
                ["salt": ["environment": "a/b"]],
                "salt.environment: expected an environment such as base, found the string \"a/b\""
            ),
            Refusal(
                ["certname": "Web.example.org"],
                "certname: expected a certname such as web.example.org, found the string \"Web.example.org\""
            ),
            Refusal(
                ["certname": "web..org"],
                "certname: expected a certname such as web.example.org, found the string \"web..org\""
            ),
            Refusal(
                ["certname": "-web"], "certname: expected a certname such as web.example.org, found the string \"-web\""
            ),
            Refusal(
                ["domain": "under_score.org"],
                "domain: expected a domain such as example.org, found the string \"under_score.org\""
            ),
            Refusal(["domain": ""], "domain: expected a domain such as example.org, found the string \"\""),
            Refusal(["note": 1], "note: expected a string, found the integer 1"),
            Refusal(["autostart": "on"], "autostart: expected true or false, found the string \"on\""),
            Refusal(["wanted": "paused"], "wanted: expected running or stopped, or a map, found the string \"paused\""),
            Refusal(
                ["wanted": ["state": "on"]], "wanted.state: expected running or stopped, found the string \"on\""),
        ])
    func types(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
        #expect(told(complete: refusal.definition) == [refusal.message])
    }

    @Test(
        "reads addresses as RFC 791 and RFC 4291 write them",
        arguments: [
            ("10.0.0.7", 4), ("0.0.0.0", 4), ("10.0.0.7/24", 4), ("255.255.255.255/0", 4), ("::", 6), ("::1", 6),
            ("2001:db8::7/64", 6),
            ("1:2:3:4:5:6:7:8", 6), ("1:2:3:4:5:6:7::", 6), ("::ffff:10.0.0.1", 6), ("1:2:3:4:5:6:10.0.0.1", 6),
            ("FE80::A/128", 6),
        ])
    func addresses(_ address: String, _ version: Int) {
        #expect(told(["nics": ["eth0": ["ipv\(version)": [.string(address)]]]]) == [])
        #expect(told(["nics": ["eth0": ["ipv\(10 - version)": [.string(address)]]]]).count == 1)
    }

    @Test(
        "refuses what is no address",
        arguments: [
            "", "10.0.0", "10.0.0.256", "10.0.0.07", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/024", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", ":::",
            "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::/129", "10.0.0.1::", "::10.0.0.1:1",
            "1:2:3:4:5:6:7:10.0.0.1", "fe80::1%eth0",
        ])
    func noAddress(_ text: String) {
        let four = "expected an IPv4 address such as 10.0.0.7 or 10.0.0.7/24, found the string \"\(text)\""
        #expect(told(["nics": ["eth0": ["ipv4": [.string(text)]]]]) == ["nics.eth0.ipv4.0: \(four)"])
        let six = "expected an IPv6 address such as 2001:db8::7 or 2001:db8::7/64, found the string \"\(text)\""
        #expect(told(["nics": ["eth0": ["ipv6": [.string(text)]]]]) == ["nics.eth0.ipv6.0: \(six)"])
    }

    @Test(
        "refuses what a tool would lose or obey",
        arguments: [
            Refusal(
                ["vars": ["headwater": 1]],
                "vars.headwater: \"headwater\" is what the service itself adds; expected another name"
            ),
            Refusal(["vars": ["ansible_host": "x"]], "vars.ansible_host: \(steering("host"))"),
            Refusal(["vars": ["ansible_": "x"]], "vars.ansible_: \(steering(""))"),
            Refusal(["vars": ["<<": [:]]], "vars.<<: \(mergeKey)"),
            Refusal(["vars": ["a": [["<<": 1]]]], "vars.a.0.<<: \(mergeKey)"),
            Refusal(["puppet": ["lookup_options": ["<<": 1]]], "puppet.lookup_options.<<: \(mergeKey)"),
            Refusal(
                ["vars": ["a\0b": 1]], "vars.\"a\0b\": a key with the character NUL; expected one without"),
            Refusal(
                ["vars": ["a": [Key(long): 1]]],
                "vars.a.\(long.prefix(20))…: a key of 1027 characters, quotes and escapes included; expected at most 1024"
            ),
            Refusal(["ansible": ["ansible_user": "x"]], "ansible.ansible_user: \(connection("ansible_user"))"),
            Refusal(["ansible": ["with-dash": "x"]], "ansible.with-dash: \(connection("with-dash"))"),
            Refusal(
                ["ansible": ["groups": ["all"]]],
                "ansible.groups.0: expected a group name such as web_servers, found the string \"all\""
            ),
            Refusal(
                ["ansible": ["groups": ["a-b"]]],
                "ansible.groups.0: expected a group name such as web_servers, found the string \"a-b\""
            ),
            Refusal(["ansible": ["templates": 1]], "ansible.templates: expected true or false, found the integer 1"),
            Refusal(
                ["puppet": ["environment": "Prod"]],
                "puppet.environment: expected an environment such as production, found the string \"Prod\""
            ),
            Refusal(
                ["puppet": ["interpolate": "yes"]],
                "puppet.interpolate: expected true or false, found the string \"yes\""
            ),
        ])
    func traps(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
        #expect(told(complete: refusal.definition) == [refusal.message])
    }

    @Test(
        "takes Puppet's class names, listed or with parameters", arguments: ["ntp", "profile::web", "a::b_2::c", "x9"])
    func classNames(_ name: String) {
        #expect(told(["puppet": ["classes": [.string(name)]]]) == [])
        #expect(told(["puppet": ["classes": [Key(name): ["port": 80]]]]) == [])
        #expect(told(["puppet": ["classes": [Key(name): .null]]]) == [])
    }

    @Test(
        "refuses other class names",
        arguments: ["Ntp", "::ntp", "ntp::", "a::::b", "a:b", "9x", "", "a-b", "ñ", "a::B"])
    func otherClassNames(_ name: String) {
        let listed = "puppet.classes.0: expected a class name such as ntp or profile::web, found the string \"\(name)\""
        #expect(told(["puppet": ["classes": [.string(name)]]]) == [listed])
        let key = DottedPath(keys: ["puppet", "classes", Key(name)])
        let mapped = "\(key): expected the key to be a class name such as ntp or profile::web, found \"\(name)\""
        #expect(told(["puppet": ["classes": [Key(name): [:]]]]) == [mapped])
    }

    @Test("counts a key's length as it is written in JSON")
    func keyLength() {
        let plain = String(repeating: "é", count: 1022)
        let quotes = String(repeating: "\"", count: 511)
        for key in [plain, quotes] {
            #expect(told(["vars": [Key(key): 1]]) == [])
            #expect(told(["vars": ["\(key)x": 1]]).count == 1)
        }
    }

    @Test("says both shapes where two are possible")
    func either() {
        let name = "a class name such as ntp or profile::web"
        #expect(
            told(["puppet": ["classes": "ntp"]]) == [
                "puppet.classes: expected a list of which each element is \(name), or a map, found the string \"ntp\""
            ])
        #expect(
            told(["puppet": ["classes": ["ntp": 1]]]) == [
                "puppet.classes.ntp: expected a map, or null, found the integer 1"
            ])
        let lab = "a name such as lab-1"
        #expect(
            told(["prototype": 1]) == [
                "prototype: expected \(lab), or a list of which each element is \(lab), found the integer 1"
            ])
        #expect(told(["prototype": ["web", 1]]) == ["prototype.1: expected \(lab), found the integer 1"])
    }

    @Test(
        "checks who may do what",
        arguments: [
            Refusal(
                ["access": ["managers": "ana"]],
                "access.managers: expected a list of which each element is a user such as ana or a group such as @teachers, found the string \"ana\""
            ),
            Refusal(
                ["access": ["may": ["user": ["strat"]]]],
                "access.may.user.0: expected \(verbs), found the string \"strat\""
            ),
            Refusal(
                ["access": ["users": ["an a"]]],
                "access.users.0: expected a user such as ana or a group such as @teachers, found the string \"an a\""
            ),
            Refusal(
                ["access": ["users": ["@"]]],
                "access.users.0: expected a user such as ana or a group such as @teachers, found the string \"@\""
            ),
            Refusal(
                ["prototypes": ["web": ["access": ["users": ["ana"]]]]],
                "prototypes.web.access: who may do what is said where an entry stands, not in a prototype; expected access beside prototypes"
            ),
            Refusal(
                ["unset": ["access.managers"]],
                "unset.0: \"access\" is read before levels are fused, so that it cannot be named here; expected one of \(named)"
            ),
            Refusal(
                ["merge": ["access": "append"]],
                "merge.access: \"access\" is read before levels are fused, so that it cannot be named here; expected one of \(named)"
            ),
            Refusal(
                ["access": ["may": ["boss": []]]],
                "access.may.boss: unknown key \"boss\"; expected one of manager, reader, user"
            ),
        ])
    func access(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test(
        "checks what a branch is supplied with",
        arguments: [
            Refusal(
                ["hypervisors": ["h": ["driver": "kvm"]]],
                "hypervisors.h.driver: expected libvirt or memory, found the string \"kvm\""
            ),
            Refusal(
                ["hypervisors": ["h": ["concurrency": 0]]],
                "hypervisors.h.concurrency: expected an integer from 1 to 256, found the integer 0"
            ),
            Refusal(
                ["hypervisors": ["h": ["latency": -1]]],
                "hypervisors.h.latency: expected a number of seconds such as 0.2, found the integer -1"
            ),
            Refusal(
                ["hypervisors": ["h": ["faults": 1.5]]],
                "hypervisors.h.faults: expected a share from 0 to 1 such as 0.1, found the float 1.5"
            ),
            Refusal(
                ["images": ["d": ["file": "d.qcow2"]]],
                "images.d.file: expected an absolute file name such as /srv/images/debian.qcow2, found the string \"d.qcow2\""
            ),
            Refusal(
                ["images": ["d": ["format": "vmdk"]]],
                "images.d.format: expected qcow2, raw or iso, found the string \"vmdk\""
            ),
            Refusal(
                ["networks": ["n": ["vlan": 7]]],
                "networks.n.vlan: unknown key \"vlan\"; expected one of bridge, network"
            ),
            Refusal(
                ["pools": ["p": ["path": "srv"]]],
                "pools.p.path: expected an absolute directory such as /srv/vms, found the string \"srv\""
            ),
        ])
    func supply(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test(
        "checks the cascade's own keys",
        arguments: [
            Refusal(
                ["merge": ["vars.a": "join"]],
                "merge.\"vars.a\": expected deep, replace, append, prepend or unique, found the string \"join\""
            ),
            Refusal(
                ["merge": ["vars..a": "deep"]],
                "merge.\"vars..a\": expected the key to be a dotted path such as vars.ntp_servers, found \"vars..a\""
            ),
            Refusal(["merge": []], "merge: expected a map, found a list"),
            Refusal(
                ["unset": "vars.a"],
                "unset: expected a list of which each element is a dotted path such as vars.proxy, found the string \"vars.a\""
            ),
            Refusal(
                ["unset": ["vars.\"a"]],
                "unset.0: expected a dotted path such as vars.proxy, found the string \"vars.\"a\""
            ),
            Refusal(
                ["prototypes": ["web": ["hardwre": [:]]]],
                "prototypes.web.hardwre: unknown key \"hardwre\"; did you mean \"hardware\"?"
            ),
            Refusal(
                ["prototypes": ["a b": [:]]],
                "prototypes.\"a b\": expected the key to be a prototype's name such as web, found \"a b\""
            ),
            Refusal(["prototypes": ["web": 1]], "prototypes.web: expected a map, found the integer 1"),
        ])
    func cascade(_ refusal: Refusal) {
        #expect(told(refusal.definition) == [refusal.message])
    }

    @Test(
        "refuses to be told how a key fuses, or that it goes, of which no level can say anything",
        arguments: [
            ("varz.x", "unknown key \"varz\"; did you mean \"vars\"?"),
            ("elsewhere", "unknown key \"elsewhere\"; expected one of \(named)"),
            ("prototypes.w", "\"prototypes\" \(early); expected one of \(named)"),
            ("prototype", "\"prototype\" \(early); expected one of \(named)"),
            ("unset", "\"unset\" \(early); expected one of \(named)"),
            ("merge.\"vars.x\"", "\"merge\" \(early); expected one of \(named)"),
            ("hardware.cores", "in hardware, unknown key \"cores\"; expected one of cpus, memory"),
            ("puppet.class", "in puppet, unknown key \"class\"; did you mean \"classes\"?"),
            ("nics.eth0.ip4", "in nics.eth0, unknown key \"ip4\"; did you mean \"ipv4\"?"),
            ("nics.\"a b\"", "expected what follows nics to be a network card's name such as lab-1, found \"a b\""),
            (
                "boot.0",
                "boot is a list of which each element is disk, cdrom or network, and has no 0 that could be named"
            ),
            ("note.x", "note is a string, and has no x that could be named"),
            (
                "vars.ansible_user",
                "variables that steer Ansible's connection have a place of their own; expected ansible.user"
            ),
        ])
    func instructions(_ key: String, _ reason: String) {
        #expect(told(["unset": [.string(key)]]) == ["unset.0: \(reason)"])
        let place = DottedPath(keys: ["merge", Key(key)])
        #expect(told(["merge": .map([Key(key): "replace"])]) == ["\(place): \(reason)"])
        #expect(told(["prototypes": ["p": ["unset": [.string(key)]]]]) == ["prototypes.p.unset.0: \(reason)"])
    }

    @Test(
        "lets merge and unset name whatever a level may say",
        arguments: [
            "vars", "vars.x", "vars.x.y.z", "vars.\"a.b\"", "puppet.classes", "puppet.classes.\"profile::web\".port",
            "puppet.lookup_options.x", "ansible.user", "ansible.groups", "nics.eth0.mac", "disks.root", "images.debian",
            "hypervisors.lab.uri", "hardware", "wanted.keep", "salt.states", "domain", "note", "boot",
        ])
    func nameable(_ key: String) {
        #expect(told(["unset": [.string(key)], "merge": .map([Key(key): "replace"])]) == [])
    }

    @Test("refuses prototypes inside prototypes")
    func nested() {
        #expect(
            told(["prototypes": ["web": ["prototypes": [:]]]]) == [
                "prototypes.web.prototypes: unknown key \"prototypes\"; did you mean \"prototype\"?"
            ])
    }

    @Test("tells all that is wrong, in the order of the definition")
    func several() {
        let definition: Map = ["note": 1, "hardware": ["memory": "x", "cpus": 0], "vrs": [:]]
        #expect(
            told(definition) == [
                "note: expected a string, found the integer 1", size("hardware.memory", "the string \"x\""),
                "hardware.cpus: expected an integer from 1 to 1024, found the integer 0",
                "vrs: unknown key \"vrs\"; did you mean \"vars\"?",
            ])
    }
}

private let long = String(repeating: "k", count: 1025)
private let mergeKey = "\"<<\" is a merge key to the tools' YAML loaders; expected another name, or a prototype"
private let verbs =
    "view, view-secrets, create-folder, edit, delete, start, stop, create, destroy, console, snapshot, grant or trust"

private func size(_ key: String, _ found: String) -> String {
    "\(key): expected a size such as 10GiB, or a number of bytes, found \(found)"
}

private func mac(_ text: String) -> String {
    "nics.eth0.mac: expected a unicast MAC address such as 52:54:00:12:34:56, found the string \"\(text)\""
}

private func steering(_ field: String) -> String {
    "variables that steer Ansible's connection have a place of their own; expected ansible.\(field)"
}

private func connection(_ key: String) -> String {
    "expected the name of an ansible_ variable without that prefix, such as user, found \"\(key)\""
}

/// Why the keys that direct the cascade cannot be named.
private let early = "is read before levels are fused, so that it cannot be named here"
/// The keys that `merge` and `unset` may name.
private let named =
    "ansible, autostart, boot, cdroms, certname, disks, domain, firmware, hardware, hypervisor, hypervisors, image, images, "
    + "limits, machine, networks, nics, note, pools, puppet, salt, vars, wanted"
