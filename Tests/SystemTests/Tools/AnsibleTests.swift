import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("Ansible, the real one", .serialized)
struct AnsibleTests {
    /// Two machines in nested folders, and a broken one beside them.
    private static func fill(_ api: API) async throws {
        try await api.put(
            "/courses", "folder",
            [
                "ansible": [
                    "connection": "local", "groups": ["teaching"],
                    "python_interpreter": .string(try Repository.tool("python3")),
                ]
            ])
        try await api.put(
            "/courses/so-2/web", "vm",
            [
                "vars": [
                    "jinja": "{{ 7*7 }}", "nested": ["list": ["{% raw %}", "{# gone #}"]], "unicode": "pingüino 👩🏽‍💻 ß",
                    "count": 3, "ratio": 1.0, "nothing": .null, "yes_text": "yes", "port": 80,
                    "profile::ssh::port": 22, "with-dash": "{{ 7*7 }}", "groups": ["ours"],
                ],
                "nics": ["eth0": ["ipv4": ["10.0.0.7/24"]]],
            ])
        try await api.put("/courses/so-2/team-a/db", "vm", ["vars": ["count": 4]])
        try await api.put("/courses/bad", "vm", ["vars": ["a": "${{ vars.missing }}"]], query: "?force=true")
    }

    @Test(
        "the list has each machine with its variables, and leaves out one that is broken",
        arguments: Ansible.Source.allCases)
    func list(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let list = try await Ansible(daemon, source).inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            let hosts = try #require(try list.json["_meta"]?["hostvars"]?.map)
            #expect(hosts.keys.sorted() == ["db.team-a.so-2.courses", "web.so-2.courses"])
            let web = try #require(hosts["web.so-2.courses"])
            #expect(web["jinja"] == ["__ansible_unsafe": "{{ 7*7 }}"])
            #expect(web["unicode"] == "pingüino 👩🏽‍💻 ß")
            #expect(web["ratio"] == 1.0)
            #expect(web["nothing"] == .null)
            #expect(web["ansible_host"] == "10.0.0.7")
            #expect(web["headwater"]?["path"] == "/courses/so-2/web")
            #expect(web["headwater"]?["other"]?["profile::ssh::port"] == 22)
            #expect(web["headwater"]?["other"]?["groups"] == ["ours"])
        }
    }

    @Test(
        "one host's variables are literal, and an unknown host is an error that says so",
        arguments: Ansible.Source.allCases)
    func host(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let ansible = try Ansible(daemon, source)
            let web = try await ansible.inventory("--host", "web.so-2.courses")
            #expect(web.status == 0, "\(web.errors)")
            #expect(try web.json["jinja"] == "{{ 7*7 }}")
            #expect(try web.json["nested"] == ["list": ["{% raw %}", "{# gone #}"]])
            #expect(try web.json["headwater"]?["other"]?["with-dash"] == "{{ 7*7 }}")
            let nobody = try await ansible.inventory("--host", "nobody")
            #expect(nobody.status != 0)
            #expect(nobody.errors.contains("nobody"), "\(nobody.errors)")
        }
    }

    @Test("groups nest as the folders do", arguments: Ansible.Source.allCases)
    func graph(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let graph = try await Ansible(daemon, source).inventory("--graph", "courses")
            #expect(graph.status == 0, "\(graph.errors)")
            #expect(
                graph.output == """
                    @courses:
                      |--@courses__so_2:
                      |  |--@courses__so_2__team_a:
                      |  |  |--db.team-a.so-2.courses
                      |  |--web.so-2.courses

                    """)
            let all = try await Ansible(daemon, source).inventory("--graph")
            for group in ["teaching", "state_provisioned", "hypervisor_test"] {
                #expect(all.output.contains("  |--@\(group):\n"), "\(all.output)")
            }
        }
    }

    @Test(
        "a play sees values as they were written, and is not led to evaluate them", arguments: Ansible.Source.allCases)
    func play(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let ansible = try Ansible(daemon, source)
            let results = try Scratch()
            let play = try await ansible.play(
                """
                - hosts: courses
                  gather_facts: false
                  tasks:
                    - debug: {var: jinja}
                      when: jinja is defined
                    - copy:
                        dest: "\(results.path)/{{ inventory_hostname }}.json"
                        content: >-
                          {{ {'count': count, 'jinja': jinja | default('-'), 'unicode': unicode | default('-'),
                              'nested': nested | default({}), 'ratio': ratio | default(0), 'nothing': nothing | default('-'),
                              'yes_text': yes_text | default('-'), 'other': headwater.other | default({}),
                              'groups': group_names, 'connection': ansible_connection} | to_json }}
                """)
            #expect(play.status == 0, "\(play.output)\(play.errors)")
            #expect(play.output.contains(#""jinja": "{{ 7*7 }}""#), "\(play.output)")
            #expect(
                try results.json("web.so-2.courses.json") == [
                    "count": 3, "jinja": "{{ 7*7 }}", "unicode": "pingüino 👩🏽‍💻 ß",
                    "nested": ["list": ["{% raw %}", "{# gone #}"]], "ratio": 1.0, "nothing": .null, "yes_text": "yes",
                    "other": ["profile::ssh::port": 22, "with-dash": "{{ 7*7 }}", "groups": ["ours"]],
                    "groups": ["courses", "courses__so_2", "hypervisor_test", "state_provisioned", "teaching"],
                    "connection": "local",
                ])
            #expect(try results.json("db.team-a.so-2.courses.json")["count"] == 4)
        }
    }

    @Test(
        "the playbook that comes with the inventory shows the machines of the faculty",
        arguments: Ansible.Source.allCases)
    func site(_ source: Ansible.Source) async throws {
        try await Daemon.runFaculty { daemon in
            let play = try await Ansible(daemon, source).playbook("site.yml", "--limit", "courses__so__alice")
            #expect(play.status == 0, "\(play.output)\(play.errors)")
            #expect(play.output.contains("\"path\": \"/courses/so/alice/web\""), "\(play.output)")
            #expect(play.output.contains("\nHEADWATER REVISIONS *"), "\(play.output)")
            #expect(
                play.output.contains(
                    "\nr2: lab.alice.so.courses.faculty.example, "
                        + "web.alice.so.courses.faculty.example\n"), "\(play.output)")
        }
    }

    @Test(
        "a server that is down, or a token that is wrong, is a failure and not an empty inventory",
        arguments: Ansible.Source.allCases)
    func failures(_ source: Ansible.Source) async throws {
        let daemon = try await Daemon.start(in: Scratch())
        var ansible = try Ansible(daemon, source)
        ansible.token = "wrong"
        let wrong = try await ansible.inventory("--list")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains(" answered 401: expected a valid token"), "\(wrong.errors)")
        #expect(await daemon.end() == 0)
        let down = try await ansible.inventory("--list")
        #expect(down.status == 1)
        #expect(down.output == "")
        #expect(
            down.errors.contains("\(daemon.url)/ansible") && down.errors.contains(" gave no answer: "), "\(down.errors)"
        )
    }

    @Test(
        "machines that are broken are left out with a warning that says why, or refused",
        arguments: Ansible.Source.allCases
    )
    func broken(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            var ansible = try Ansible(daemon, source)
            let reason =
                "headwater: WARNbad.courses: /courses/bad: vars.a: ${{ vars.missing }} leads nowhere: "
                .appending("this machine has no vars.missing")
                .replacingOccurrences(of: "WARN", with: source == .script ? "warning: " : "")
            let play = "- {hosts: all, gather_facts: false, tasks: [{debug: {msg: here}}]}\n"
            let whole = try await ansible.play(play)
            #expect(whole.status == 0, "\(whole.output)\(whole.errors)")
            #expect(whole.errors.contains("1 machine has a broken definition and is left out: bad.courses; see "))
            #expect(whole.errors.contains(reason), "\(whole.errors)")
            let one = try await ansible.play(play, "--limit", "bad.courses")
            #expect(one.status != 0)
            #expect(one.errors.contains(reason), "\(one.errors)")
            let sound = try await ansible.inventory("--host", "web.so-2.courses")
            #expect(sound.status == 0 && sound.errors.contains(reason))

            ansible.environment["HEADWATER_BROKEN"] = "refuse"
            let refused = try await ansible.play(play)
            #expect(refused.status != 0 && !refused.output.contains("here"))
            #expect(
                refused.errors.contains(
                    "is left out: bad.courses; see /v1/problems; bad.courses: /courses/bad: vars.a: ${{ vars.missing }}"
                ))
            ansible.environment["HEADWATER_FOLDER"] = "/courses/so-2"
            #expect(try await ansible.play(play).status == 0)
        }
    }

    @Test("the reason why a machine is left out is given for the one that a play is limited to, however many there are")
    func limited() async throws {
        try await Daemon.run { daemon in
            let machines = (10..<60).map { "m\($0)" }
            let broken: Value = ["vars": ["a": "${{ vars.missing }}"]]
            let entries = machines.map { ["path": .string("/lab/\($0)"), "definition": broken] as Value }
            let made = try await daemon.api.send("POST", "/v1/apply?force=true", ["entries": .list(entries)])
            #expect(made.status == 200)
            let play = "- {hosts: all, gather_facts: false, tasks: []}\n"
            let limited = try await Ansible(daemon, .plugin).play(play, "--limit", "m59.lab,m10.lab")
            #expect(limited.errors.contains("50 machines have a broken definition"), "\(limited.errors)")
            #expect(
                limited.errors.contains("headwater: m59.lab: /lab/m59: vars.a: ${{ vars.missing }}"),
                "\(limited.errors)")
            #expect(!limited.errors.contains("m58.lab: "), "\(limited.errors)")
        }
    }

    /// Broken or renamed, hidden from whoever asks, and no longer of the selection.
    static let changes: [(name: String, change: [String], reason: String?)] = [
        (
            "broken", ["set", "--force", "/lab/n7", "vars.x=${{ vars.none }}"],
            "answered 409: the definition of /lab/n7 "
        ),
        ("renamed", ["mv", "/lab/n7", "/lab/n77"], "answered 404: no machine is called \"n7.lab\""),
        ("hidden", ["set", "/lab/n7", "access={may: {reader: []}}"], "answered 404: no machine is called \"n7.lab\""),
        ("of another state", ["set", "/lab/n7", "vars.role=other"], nil),
    ]

    @Test("a machine that falls out of the list during a run is never played without its variables", arguments: changes)
    func fallingOut(_ name: String, _ change: [String], _ reason: String?) async throws {
        try await Daemon.run(people: ["reader"]) { daemon, people in
            let python = Value.string(try Repository.tool("python3"))
            try await daemon.api.put(
                "/lab", "folder",
                [
                    "ansible": ["connection": "local", "python_interpreter": python],
                    "access": ["readers": ["reader"]],
                ])
            for name in (1...9).map({ "n\($0)" }) {
                try await daemon.api.put("/lab/\(name)", "vm", ["vars": ["me": .string(name), "role": "web"]])
            }
            var ansible = try Ansible(daemon, configuration: "{plugin: headwater, selector: vars.role=web}")
            ansible.token = try #require(people["reader"]?.token)
            let program = try ["HEADWATER_TOKEN=\(daemon.token)", Repository.product("headwater")] + change
            let play = """
                - hosts: n1.lab
                  gather_facts: false
                  tasks: [{command: {argv: [env, \(program.map { "!unsafe '\($0)'" }.joined(separator: ", "))]}}]
                - hosts: all
                  gather_facts: false
                  tasks: [{debug: {msg: "{{ inventory_hostname }} is {{ me | default('nobody') }}"}}]
                """
            let run = try await ansible.play(play)
            #expect(run.output.contains("changed: [n1.lab]"), "\(run.output)\(run.errors)")
            #expect(!run.output.contains("is nobody"), "\(run.output)")
            if let reason {
                #expect(run.status != 0, "\(run.output)\(run.errors)")
                #expect(run.errors.contains("/ansible/hosts/n7.lab \(reason)"), "\(run.errors)")
            } else {
                #expect(run.status == 0 && run.output.contains("n7.lab is n7"), "\(run.output)\(run.errors)")
            }
            guard name == "broken" else { return }
            #expect(run.errors.contains("1 machine has a broken definition and is left out: n7.lab"), "\(run.errors)")
            #expect(run.errors.contains("n7.lab: /lab/n7: vars.x: ${{ vars.none }} leads nowhere"), "\(run.errors)")
        }
    }

    @Test(
        "a variable that is ours but for a letter, or an address with a password, is told",
        arguments: Ansible.Source.allCases)
    func misspelt(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            var ansible = try Ansible(daemon, source)
            ansible.environment = [
                "HEADWATER_FOLDR": "/courses/so-2", "HEADWATER_CONFIG": "/x", "HEADWATER_STATE": "/x",
            ]
            let list = try await ansible.inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            #expect(
                list.errors.contains("HEADWATER_FOLDR is not read; did you mean HEADWATER_FOLDER?"), "\(list.errors)")
            #expect(!list.errors.contains("HEADWATER_CONFIG") && !list.errors.contains("HEADWATER_STATE"))
            ansible.environment = ["HEADWATER_URL": daemon.url.replacingOccurrences(of: "//", with: "//me:secret@")]
            let named = try await ansible.inventory("--list")
            #expect(
                named.status == 1 && named.errors.contains("the server's URL has a user and password in it"),
                "\(named.errors)")
            #expect(!named.errors.contains("secret"), "\(named.errors)")
        }
    }

    @Test("a server that says nothing is waited for as long as is said", arguments: Ansible.Source.allCases)
    func silence(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            var ansible = try Ansible(daemon, source)
            ansible.environment["HEADWATER_TIMEOUT"] = "0.5"
            // It accepts connections still.
            kill(daemon.pid, SIGSTOP)
            let silent = try await ansible.inventory("--list")
            kill(daemon.pid, SIGCONT)
            #expect(silent.status == 1 && silent.output == "")
            #expect(
                silent.errors.contains(" gave no answer: nothing whole within 0.5 s; HEADWATER_TIMEOUT gives more"),
                "\(silent.errors)")
            ansible.environment["HEADWATER_TIMEOUT"] = "-1"
            let wrong = try await ansible.inventory("--list")
            #expect(wrong.status == 1)
            #expect(wrong.errors.contains("timeout is '-1") && wrong.errors.contains("expected seconds"))
        }
    }

    @Test("who is refused is told where what he showed came from, never what it is", arguments: Ansible.Source.allCases)
    func identity(_ source: Ansible.Source) async throws {
        try await Daemon.run { daemon in
            var ansible = try Ansible(daemon, source)
            let scratch = try Scratch()
            ansible.token = "hw_secret"
            let given = try await ansible.inventory("--list")
            #expect(given.errors.contains("; the token is that of HEADWATER_TOKEN"), "\(given.errors)")
            ansible.token = ""
            let none = try await ansible.inventory("--list")
            #expect(none.errors.contains("; there is no token; HEADWATER_TOKEN or token= in client.conf gives one"))
            let conf = try scratch.write("client.conf", "token = hw_secret\n")
            ansible.environment["HEADWATER_CONF"] = conf
            let read = try await ansible.inventory("--list")
            #expect(read.errors.contains("; the token is that of token= in \(conf)"), "\(read.errors)")
            for outcome in [given, none, read] {
                #expect(outcome.status == 1 && outcome.errors.contains(" answered 401: "))
                #expect(!outcome.errors.contains("hw_secret"))
            }
        }
    }

    @Test("the plugin and the script give the same inventory")
    func same() async throws {
        try await Daemon.runFaculty { daemon in
            let plugin = try await Ansible(daemon, .plugin).inventory("--list")
            let script = try await Ansible(daemon, .script).inventory("--list")
            #expect(plugin.status == 0, "\(plugin.errors)")
            #expect(try plugin.json == script.json)
            let whole = try await Ansible(daemon, configuration: "{plugin: headwater, vars: all}").inventory("--list")
            #expect(try whole.json == script.json)
        }
    }

    @Test("the plugin asks for a folder and a selection, and makes groups and variables of what machines say")
    func constructed() async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let ansible = try Ansible(
                daemon,
                configuration: """
                    plugin: headwater
                    folder: /courses/so-2
                    selector: vars.count in (3,4)
                    strict: true
                    compose: {doubled: count * 2}
                    groups: {crowded: count > 3}
                    keyed_groups: [{key: headwater.name, prefix: name}]
                    """)
            let list = try await ansible.inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            #expect(try list.json["crowded"]?["hosts"] == ["db.team-a.so-2.courses"])
            #expect(try list.json["name_web"]?["hosts"] == ["web.so-2.courses"])
            #expect(try list.json["_meta"]?["hostvars"]?["web.so-2.courses"]?["doubled"] == 6)
            #expect(try list.json["courses"]?["hosts"] == nil)
        }
    }

    @Test(
        "in a directory of sources, at any depth, its variables are there; for Ansible's own constructed if that asks for them",
        arguments: [true, false])
    func directory(asks: Bool) async throws {
        try await Daemon.run { daemon in
            try await Self.fill(daemon.api)
            let home = try Scratch()
            try home.write("inventory/deep/a.headwater.yml", "plugin: headwater\n")
            try home.write(
                "inventory/z.constructed.yml",
                """
                plugin: constructed
                use_vars_plugins: \(asks)
                compose: {count: count * 2}
                keyed_groups: [{key: count | string, prefix: count}]
                """)
            var ansible = Ansible(daemon, sources: [home.file("inventory")], home: home)
            ansible.environment["ANSIBLE_INVENTORY_ENABLED"] = "headwater,constructed"
            let list = try await ansible.inventory("--list")
            #expect(list.status == 0, "\(list.errors)")
            let db = try list.json["_meta"]?["hostvars"]?["db.team-a.so-2.courses"]
            #expect(db?["headwater"]?["name"] == "db")
            #expect(db?["count"] == (asks ? 8 : 4))
            #expect(try list.json["count_8"]?["hosts"] == (asks ? ["db.team-a.so-2.courses"] : nil))
        }
    }

    @Test("what the plugin keeps in Ansible's cache serves a run without the server, and a new one asks anew")
    func cache() async throws {
        let daemon = try await Daemon.start(in: Scratch())
        try await Self.fill(daemon.api)
        let ansible = try Ansible(
            daemon,
            configuration: """
                {plugin: headwater, cache: true, cache_plugin: jsonfile, cache_connection: "\(try Scratch().path)"}
                """)
        let before = try await ansible.inventory("--list")
        #expect(before.status == 0, "\(before.errors)")
        #expect(await daemon.end() == 0)
        let cached = try await ansible.inventory("--list")
        #expect(cached.status == 0, "\(cached.errors)")
        #expect(try cached.json == before.json)
        let fresh = try await ansible.inventory("--list", "--flush-cache")
        #expect(fresh.status == 1)
    }

    @Test("a play on one machine asks for it alone, and one on many for all at once")
    func requests() async throws {
        try await Daemon.run { daemon in
            let machines = (1...9).map { "n\($0)" }
            try await daemon.api.put("/lab", "folder", ["ansible": ["connection": "local"]])
            for name in machines { try await daemon.api.put("/lab/\(name)", "vm", ["vars": ["me": .string(name)]]) }
            let play = """
                - hosts: HOSTS
                  gather_facts: false
                  tasks: [{debug: {var: me}}]
                """
            let one = try await Ansible(daemon, .plugin).play(play.replacingOccurrences(of: "HOSTS", with: "n7.lab"))
            #expect(one.status == 0, "\(one.output)\(one.errors)")
            #expect(try await daemon.api.count(route: "/ansible/vars") == 0)
            #expect(try await daemon.api.count(route: "/ansible/hosts/{certname}") == 1)
            let all = try await Ansible(daemon, .plugin).play(play.replacingOccurrences(of: "HOSTS", with: "all"))
            #expect(all.status == 0, "\(all.output)\(all.errors)")
            for name in machines { #expect(all.output.contains("\"me\": \"\(name)\"")) }
            #expect(try await daemon.api.count(route: "/ansible/vars") == 1)
            #expect(try await daemon.api.count(route: "/ansible") == 2)
        }
    }

    @Test(
        "an option that the plugin does not know is refused, for it may be a folder misspelt",
        arguments: [
            ("foldr: /courses", "unknown option 'foldr'; did you mean 'folder'?"),
            ("colour: red", "unknown option 'colour'; ansible-doc -t inventory headwater lists what there is"),
        ])
    func unknown(_ option: String, _ message: String) async throws {
        try await Daemon.run { daemon in
            let ansible = try Ansible(daemon, configuration: "{plugin: headwater, \(option)}")
            let list = try await ansible.inventory("--list")
            #expect(list.status == 1)
            #expect(list.output == "")
            #expect(list.errors.contains(message), "\(list.errors)")
        }
    }

    @Test("a play over very many says of how many a revision is, and names those of the others")
    func revisions() async throws {
        try await Daemon.run { daemon in
            let definition: Value = ["domain": "example", "ansible": ["connection": "local"]]
            let entries: Value = [
                ["path": "/lab", "kind": "folder", "definition": definition],
                ["path": "/lab/m-{01..52}", "kind": "vm", "definition": [:]],
            ]
            #expect(try await daemon.api.send("POST", "/v1/apply", ["entries": entries]).status == 200)
            let play = "- {hosts: all, gather_facts: false, tasks: [{debug: {msg: here}}]}\n"
            let first = try await Ansible(daemon, .plugin).play(play)
            #expect(first.output.contains("\nr2: all 52 machines\n"), "\(first.output)\(first.errors)")
            try await daemon.api.put("/lab/m-07", "vm", ["vars": ["odd": true]])
            let second = try await Ansible(daemon, .plugin).play(play)
            #expect(second.output.contains("\nr2: all 51 others\nr3: m-07.lab.example\n"), "\(second.output)")
        }
    }
}
