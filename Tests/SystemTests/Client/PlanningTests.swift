import Foundation
import OrderedCollections
import Testing
import Tree

@Suite("Knowing before, with the client program", .serialized)
struct PlanningTests {
    /// A tree of two machines, a directory that says the same, and a client.
    private static func with(_ body: (Daemon, Client, Scratch) async throws -> Void) async throws {
        try await Daemon.run { daemon in
            let scratch = try Scratch()
            try scratch.write("lab/common.yaml", "vars: {site: north}\n")
            try scratch.write("lab/web.yaml", "vars: {role: web}\n")
            try scratch.write("lab/db.yaml", "{}\n")
            let client = try Client(daemon)
            let applied = try await client("apply", scratch.file("lab"), "--to", "/lab", "--yes")
            try #require(applied.status == 0, "\(applied.errors)")
            try await body(daemon, client, scratch)
        }
    }

    @Test("plan ends with 0 where nothing changes, 2 where something does, 1 where it is refused or misused")
    func status() async throws {
        try await Self.with { daemon, client, scratch in
            let directory = scratch.file("lab")
            let nothing = try await client("plan", directory, "--to", "/lab")
            #expect(nothing.status == 0 && nothing.output.hasSuffix(": nothing changes\n"), "\(nothing.output)")
            try scratch.write("lab/common.yaml", "vars: {site: south}\n")
            let something = try await client("plan", directory, "--to", "/lab", "--as", "hiera")
            #expect(something.status == 2, "\(something.errors)")
            #expect(
                something.output.contains(
                    #"""
                    machines
                      2 machines change: db.lab, web.lab
                          - site: "north"
                          + site: "south"
                    """#), "\(something.output)")
            #expect(!something.output.contains("\u{1B}"))
            let document = try await client("plan", directory, "--to", "/lab", "-o", "json").json
            #expect(document["counts"]?["affected"] == 2 && document["valid"] == true)

            try scratch.write("lab/web.yaml", "vars: {role: '${{ vars.nothing }}'}\n")
            let broken = try await client("plan", directory, "--to", "/lab")
            #expect(broken.status == 1)
            #expect(broken.output.contains("1 machine breaks: web.lab\n"), "\(broken.output)")
            #expect(broken.errors.hasPrefix("headwater: the change would break 1 machine\nhint: --force"))
            #expect(try await client("plan", directory, "--to", "/lab", "--force").status == 2)
            try scratch.write("lab/web.yaml", "vars: [\n")
            for arguments in [
                ["plan", directory, "--to", "/lab"], ["plan", directory], ["plan", directory, "--too", "/lab"],
                ["plan", scratch.file("nothing"), "--to", "/lab"], ["set", "/lab", "--dry-run"],
                ["rm", "/lab/web", "/lab/db", "--dry-run"], ["diff"], ["diff", "lab"], ["diff", "99"],
                ["diff", "2", "/nowhere"],
            ] {
                let wrong = try await client.run(arguments)
                #expect(wrong.status == 1 && wrong.errors != "" && wrong.output == "", "\(arguments): \(wrong)")
            }
            #expect(try await daemon.api.get("/v1/tree/lab/common") == ["vars": ["site": "north"]])
        }
    }

    @Test("every change has a dry run, which changes nothing")
    func dryRuns() async throws {
        try await Self.with { daemon, client, _ in
            let revision = try await daemon.api.send("GET", "/v1/tree/lab").revision
            for (arguments, line) in [
                (["set", "/lab", "vars.site=south"], "2 machines change: db.lab, web.lab"),
                (["set", "/lab/web", "--unset", "vars.role"], "1 machine changes: web.lab"),
                (["new", "/lab/x-{1..3}"], "3 machines are created: x-1.lab, x-2.lab, x-3.lab"),
                (["cp", "/lab/web", "/lab/www"], "1 machine is created: www.lab"),
                (["mv", "/lab/web", "/lab/www"], "web.lab → www.lab"),
                (["rm", "/lab", "--recursive"], "2 machines are removed: db.lab, web.lab"),
                (["revert", "\(revision ?? 0)"], "2 machines are removed: db.lab, web.lab"),
            ] {
                let dry = try await client.run(arguments + ["--dry-run"])
                #expect(dry.status == 2, "\(dry.command): \(dry.errors)")
                #expect(dry.output.contains("  \(line)\n"), "\(dry.command): \(dry.output)")
                let document = try await client.run(arguments + ["--dry-run", "-o", "json"])
                #expect(try document.status == 2 && document.json["valid"] == true, "\(document.command)")
            }
            #expect(try await daemon.api.send("GET", "/v1/tree/lab").revision == revision)
            #expect(try await client("set", "/lab", "vars.site=north", "--dry-run").status == 0)
        }
    }

    @Test("a plan is accepted by its id as long as it holds; what came in between is named")
    func acceptance() async throws {
        try await Self.with { daemon, client, scratch in
            let directory = scratch.file("lab")
            try scratch.write("lab/common.yaml", "vars: {site: south}\n")
            let plan = try await client("plan", directory, "--to", "/lab", "-o", "json").json
            let id = try #require(plan["id"]?.string)
            try await daemon.api.put("/elsewhere")
            try await daemon.api.put("/lab/db", "vm", ["vars": ["site": "west"]])
            let refused = try await client("apply", directory, "--to", "/lab", "--plan", id)
            #expect(refused.status == 1)
            #expect(
                refused.errors == """
                    headwater: the plan \(id) no longer holds: revision 4 by admin changed /lab/db; make the plan again

                    """)
            try await daemon.api.put("/lab/db")
            let made = try await client("apply", directory, "--to", "/lab", "--plan", id)
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output.hasSuffix("0 created, 1 changed, 2 unchanged (revision 6)\n"), "\(made.output)")
        }
    }

    @Test("without a terminal apply wants to be told that it is meant, and single changes are made as before")
    func unasked() async throws {
        try await Self.with { daemon, client, scratch in
            let refused = try await client("apply", scratch.file("lab"), "--to", "/lab", "--prune")
            #expect(refused.status == 2 && refused.output == "")
            #expect(refused.errors.contains("there is no terminal to ask on\nhint: --yes "), "\(refused.errors)")
            #expect(try await client("set", "/lab", "vars.site=south").status == 0)
            #expect(try await client("mv", "/lab/web", "/lab/www").status == 0)
            let removed = try await client("rm", "-r", "/lab", "-o", "json")
            #expect(try removed.json == ["deleted": ["/lab"]], "\(removed.errors)")
        }
    }

    @Test("on a terminal, what has consequences is shown and asked for; anything but a yes leaves all as it is")
    func asked() async throws {
        try await Self.with { daemon, client, scratch in
            let no = try await client.onTerminal("set /lab vars.site=south", answer: "n\n")
            #expect(no.status == 1, "\(no.output)")
            #expect(no.output.contains("2 machines change"), "\(no.output)")
            #expect(no.output.contains("go ahead? [y/N]") && no.output.contains("headwater: nothing was changed"))
            #expect(try await daemon.api.get("/v1/tree/lab/common") == ["vars": ["site": "north"]])
            let yes = try await client.onTerminal("set /lab vars.site=south", answer: "y\n")
            #expect(yes.status == 0 && yes.output.contains("/lab: set vars.site"), "\(yes.output)")
            #expect(try await daemon.api.get("/v1/tree/lab/common") == ["vars": ["site": "south"]])
            for command in ["set /lab/web vars.role=db", "set /lab vars.site=east --yes", "new '/lab/x-{1..3}'"] {
                let quiet = try await client.onTerminal(command, answer: "")
                #expect(quiet.status == 0 && !quiet.output.contains("[y/N]"), "\(command): \(quiet.output)")
            }
            let apply = try await client.onTerminal("apply \(scratch.file("lab")) --to /lab", answer: "yes\n")
            #expect(apply.status == 0 && apply.output.contains("[y/N]"), "\(apply.output)")
            let again = try await client.onTerminal("apply \(scratch.file("lab")) --to /lab", answer: "")
            #expect(again.status == 0 && !again.output.contains("[y/N]"), "\(again.output)")
        }
    }

    @Test(
        "of a directory that was exported, the merge with what came since is planned, and what contradicts it is told")
    func merged() async throws {
        try await Self.with { daemon, client, scratch in
            let directory = scratch.file("exported")
            #expect(try await client("export", "/lab", directory).status == 0)
            #expect(try await client("set", "/lab", "vars.theirs=1").status == 0)
            try scratch.write("exported/common.yaml", "vars: {site: north, ours: 2}\n")
            let plan = try await client("plan", directory, "--to", "/lab", "-o", "json")
            #expect(plan.status == 2, "\(plan.errors)")
            let change = try plan.json["changes"]?.list?.first
            #expect(try plan.json["changes"]?.list?.count == 1)
            #expect(change?["differences"] == [["key": "vars.ours", "after": 2]], "\(plan.output)")

            #expect(try await client("set", "/lab", "vars.site=south").status == 0)
            #expect(try await client("plan", directory, "--to", "/lab").status == 2)
            try scratch.write("exported/common.yaml", "vars: {site: west}\n")
            let refused = try await client("plan", directory, "--to", "/lab")
            #expect(refused.status == 1 && refused.output == "")
            #expect(
                refused.errors.hasPrefix(
                    "headwater: what came since revision 2 contradicts this: /lab: vars.site: it is the string \"south\""
                ),
                "\(refused.errors)")
            #expect(try await client("plan", directory, "--to", "/lab", "--ours").status == 2)
        }
    }

    @Test("diff compares revisions, a directory, and what is told of a machine")
    func diff() async throws {
        try await Self.with { daemon, client, scratch in
            #expect(try await client("set", "/lab", "vars.site=south", "vars.new=1").status == 0)
            #expect(try await client("cp", "/lab/web", "/lab/www").status == 0)
            let all = try await client("diff", "2")
            #expect(all.status == 2)
            #expect(
                all.output == """
                    changed /lab
                        - vars.site: "north"
                        + vars.site: "south"
                        + vars.new: 1
                    created /lab/www
                        + vars.role: "web"

                    """)
            let between = try await client("diff", "2", "3", "/lab/web")
            #expect(between.status == 0 && between.output == "")
            let told = try await client("diff", "2", "/lab/web", "--as", "enc")
            #expect(told.status == 2, "\(told.errors)")
            #expect(
                told.output
                    == "    - parameters.site: \"north\"\n    + parameters.site: \"south\"\n    + parameters.new: 1\n")
            let directory = try await client("diff", "/lab", "--with", scratch.file("lab"), "-o", "json")
            #expect(directory.status == 2)
            #expect(try directory.json["changes"]?.list?.map { $0["change"] } == ["changed", "removed"])
            let same = try await client("diff", "2", "/lab", "--with", scratch.file("lab"))
            #expect(same.status == 0 && same.output == "", "\(same.output)")
        }
    }
}

extension Client {
    /// Runs a command on a terminal of its own, on which is typed what it may ask for; all that it writes is its output.
    fileprivate func onTerminal(_ command: String, answer: String) async throws -> Outcome {
        // script(1) of util-linux; a terminal gives a line only once it is asked for.
        try await SystemTests.run(
            Repository.tool("script"), ["-qec", "'\(Repository.product("headwater"))' \(command)", "/dev/null"],
            environment: environment, input: answer, timeout: .seconds(60))
    }
}
