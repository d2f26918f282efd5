import Foundation
import OrderedCollections
import TestSupport
import Testing
import Tree

@Suite("Ansible over TLS", .serialized)
struct AnsibleTLSTests {
    /// An Ansible without a token, configured by a file of the client's.
    private static func ansible(
        _ secure: SecureDaemon, _ source: Ansible.Source, _ scratch: Scratch, conf: String
    ) throws -> Ansible {
        var ansible = try Ansible(secure.daemon, source)
        ansible.token = ""
        ansible.environment["HEADWATER_CONF"] = try scratch.write("client.conf", conf)
        return ansible
    }

    @Test(
        "an authority that is unknown is named as the reason, with what makes it known",
        arguments: Ansible.Source.allCases)
    func authority(_ source: Ansible.Source) async throws {
        try await SecureDaemon.run { secure in
            var ansible = try Ansible(secure.daemon, source)
            let unknown = try await ansible.inventory("--list")
            #expect(unknown.status == 1 && unknown.output == "")
            #expect(unknown.errors.contains(" is not trusted: "), "\(unknown.errors)")
            #expect(unknown.errors.contains("; ca= names a file of the authorities to trust"), "\(unknown.errors)")
            ansible.environment["HEADWATER_CA"] = secure.authority.file("ca.pem")
            let known = try await ansible.inventory("--list")
            #expect(known.status == 0 && known.output.contains("web.example"), "\(known.errors)")
        }
    }

    @Test("a local file that is missing, or is none of its kind, is named", arguments: Ansible.Source.allCases)
    func files(_ source: Ansible.Source) async throws {
        try await SecureDaemon.run { secure in
            let scratch = try Scratch()
            let ca = secure.authority.file("ca.pem")
            let text = try scratch.write("text", "no certificate\n")
            let (cert, other) = (secure.authority.file("web.example.pem"), secure.authority.file("db.example.key"))
            for (conf, reason) in [
                ("ca=/nowhere/ca.pem", "cannot read ca=/nowhere/ca.pem: No such file or directory"),
                ("ca=\(text)", "ca=\(text) is no PEM file of a certificate: "),
                ("ca=\(ca)\ncert=/nowhere/web.pem", "cannot read cert=/nowhere/web.pem: No such file or directory"),
                ("ca=\(ca)\ncert=\(text)", "cert=\(text) is no PEM file of a certificate"),
                ("ca=\(ca)\ncert=\(cert)", "cert=\(cert) has no private key in it; key= names "),
                ("ca=\(ca)\ncert=\(cert)\nkey=\(text)", "key=\(text) is no PEM file of a private key"),
                ("ca=\(ca)\ncert=\(cert)\nkey=\(other)", "key=\(other) is not the key of cert=\(cert)"),
            ] {
                let ansible = try Self.ansible(secure, source, scratch, conf: conf)
                let list = try await ansible.inventory("--list")
                #expect(list.status == 1 && list.output == "")
                #expect(list.errors.contains(reason), "\(list.errors)")
                #expect(!list.errors.contains("gave no answer"), "\(list.errors)")
            }
        }
    }

    @Test("the plugin's own file names authority, certificate and key")
    func options() async throws {
        try await SecureDaemon.run { secure in
            var ansible = try Ansible(
                secure.daemon,
                configuration: """
                    plugin: headwater
                    ca: \(secure.authority.file("ca.pem"))
                    cert: \(secure.authority.file("web.example.pem"))
                    key: \(secure.authority.file("web.example.key"))
                    """)
            ansible.token = ""
            let list = try await ansible.inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            #expect(try list.json["_meta"]?["hostvars"]?.map?.keys.elements == ["web.example"])
        }
    }

    @Test(
        "a machine that pulls its play with its own certificate finds itself in the inventory",
        arguments: Ansible.Source.allCases)
    func pull(_ source: Ansible.Source) async throws {
        try await SecureDaemon.run { secure in
            let scratch = try Scratch()
            try scratch.write(
                "plays/local.yml",
                """
                - hosts: all
                  gather_facts: false
                  tasks:
                    - copy: {dest: "\(scratch.file("seen"))", content: "{{ inventory_hostname }} is {{ who }}"}

                """)
            let git = try Repository.tool("git")
            for arguments in [
                ["init", "-q"], ["add", "."],
                ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "plays: say who it is"],
            ] {
                let outcome = try await run(git, arguments, directory: scratch.file("plays"))
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
            let files = [
                "cert=\(secure.authority.file("web.example.pem"))", "key=\(secure.authority.file("web.example.key"))",
            ]
            let conf = (["ca=\(secure.authority.file("ca.pem"))"] + files).joined(separator: "\n")
            // Where a machine's name is no certname, as that of the one that runs the tests, localhost checks out.
            let inventory = Repository.path("plays/\(source.rawValue)")
            var ansible = Ansible(secure.daemon, sources: ["localhost,", inventory], home: scratch)
            // It works in the folder into which it has pulled.
            ansible.environment["ANSIBLE_CONFIG"] = Repository.path("plays/ansible.cfg")
            ansible.token = ""
            ansible.environment["HEADWATER_CONF"] = try scratch.write("client.conf", conf)
            ansible.environment["ANSIBLE_INVENTORY_ENABLED"] = "headwater,script,host_list"
            let pulled = try await ansible.pull(
                "file://\(scratch.file("plays"))", "--limit", "web.example", "-e",
                "ansible_python_interpreter=\(Repository.tool("python3"))")
            #expect(pulled.status == 0, "\(pulled.output)\(pulled.errors)")
            #expect(try scratch.read("seen") == "web.example is web.example")

            let stranger = conf.replacingOccurrences(of: "web.example", with: "nobody.example")
            let list = try await Self.ansible(secure, source, scratch, conf: stranger).inventory("--list")
            #expect(list.status == 1)
            #expect(list.errors.contains(" answered 404: no machine is called "), "\(list.errors)")
        }
    }
}
