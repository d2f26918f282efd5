import Foundation
import HTTP
import Hypervisor
import Lifecycle
import OrderedCollections
import Store
import Testing
import Tree

@testable import Service

@Suite("What a service accepted before it ended")
struct ResumptionTests {
    private static let endpoint = Endpoint(name: "m", driver: .memory, uri: "memory:///m")

    /// Runs `body` with a service after one in which /ai/gpu was made, and which left operations behind.
    private func after(
        _ verbs: [String], _ leave: (Site, Entry, any Driver) async throws -> Void,
        _ body: (Site, any Driver) async throws -> Void
    ) async throws {
        let hypervisors = Connections()
        let driver = hypervisors.driver(for: Self.endpoint)
        try await Site.with(tree: Trees.lab, hypervisors: hypervisors) { site in
            for verb in verbs { #expect(try await site.run(verb, "/ai/gpu")["state"] == "done", "\(verb)") }
            let entry = try #require(try site.store.load().entries.first { $0.path.description == "/ai/gpu" })
            site.server.stop()
            await site.service.close()
            try await leave(site, entry, driver)
            try site.store.close()
            try await Site.resume(site.directory, hypervisors: hypervisors) { site in try await body(site, driver) }
        }
    }

    @Test(
        "is not done to a machine that something else was begun on after it",
        arguments: ["destroy", "rebuild", "start", "poweroff"])
    func overtaken(_ verb: String) async throws {
        var numbers = (old: 0, later: 0)
        try await after(["create", "start"]) { site, entry, _ in
            // As an earlier version left it, which told of an end that it could not store.
            numbers.old = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, principal: "ana", created: 0)
            ).id
            var later = try site.store.insert(
                Operation(verb: "pause", path: entry.path, machine: entry.id, principal: "ana", created: 1))
            (later.state, later.started, later.ended) = (.done, 2, 3)
            try site.store.save(later)
            numbers.later = later.id
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(numbers.old)?wait=60")
            #expect(ended["state"] == "failed" && ended["steps"] == [])
            #expect(
                ended["error"]
                    == .string(
                        "how it ended was not recorded, and operation \(numbers.later) was begun on the machine after it; it "
                            + "is not done again"))
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.run("stop", "/ai/gpu")["state"] == "done")
        }
    }

    @Test(
        "does not destroy a machine that was off then and that somebody has switched on since",
        arguments: ["destroy", "rebuild"], [true, false])
    func switchedOn(_ verb: String, isSwitchedOn: Bool) async throws {
        var number = 0
        try await after(["create"]) { site, entry, driver in
            number = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, principal: "ana", created: 0)
            ).id
            if isSwitchedOn { try await driver.start(entry.id) }
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == (isSwitchedOn ? "failed" : "done"), "\(ended.text)")
            guard isSwitchedOn else { return }
            #expect(
                ended["error"]
                    == .string(
                        "/ai/gpu: the VM was off when the service ended, and somebody has switched it on since; it is left as "
                            + "it is: ask again for \(verb) if that is still wanted"))
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
            #expect(try await site.run(verb, "/ai/gpu")["state"] == "done")
        }
    }

    @Test(
        "is no service's to take up where it does not know what is stored of a machine",
        arguments: [
            (
                "state", "levitating",
                "state: expected one of provisioned, created, starting, running, paused, stopping, "
                    + "stopped, failed, found the string \"levitating\""
            ),
            (
                "failure", ["from": "created", "cause": "rust", "reason": "x"],
                "cause: expected one of action, vanished, crashed, found the string \"rust\""
            ),
            ("macs", ["eth0": "x"], "macs.eth0: expected a MAC address, found the string \"x\""),
            ("build", "third", "build: expected a number from 1, found the string \"third\""),
            ("operation", 0, "operation: expected a number from 1, found the integer 0"),
        ] as [(String, Value, String)])
    func unreadable(_ key: String, _ value: Value, _ text: String) async throws {
        try await Site.with(tree: Trees.lab) { site in
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            let entry = try #require(try site.store.load().entries.first { $0.path.description == "/ai/gpu" })
            site.server.stop()
            await site.service.close()
            var record = try #require(try site.store.load().machines[entry.id])
            record[key] = value
            try site.store.save(machine: record, of: entry.id)
            try site.store.close()
            let error = await #expect(throws: StoreError.self) { try await Site.resume(site.directory) { _ in } }
            #expect(
                error?.description
                    == "\(site.store.file): is damaged: table machine, row \"\(entry.id)\", column record: \(text); stop "
                    + "headwaterd and restore the file from a backup")
        }
    }

    @Test(
        "is not done for good to a machine that was made anew since",
        arguments: ["destroy", "rebuild", "stop", "poweroff", "start"])
    func madeAnew(_ verb: String) async throws {
        var number = 0
        try await after(["create", "rebuild", "start"]) { site, entry, _ in
            #expect(try site.store.load().machines[entry.id]?["build"] == 2)
            number = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0)
            ).id
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            // To start what runs takes nothing from anybody.
            guard verb != "start" else {
                #expect(ended["state"] == "done", "\(ended.text)")
                return
            }
            #expect(ended["state"] == "failed" && ended["steps"] == [])
            #expect(
                ended["error"]
                    == .string(
                        "/ai/gpu: \(verb) was asked for when the VM was build 1 of its descriptor, and it is build 2 by now; it "
                            + "is left as it is: ask again for \(verb) if that is still wanted"))
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.run(verb, "/ai/gpu")["state"] == "done")
        }
    }

    @Test(
        "is not done for good to a machine of which the hypervisor says that it is another one",
        arguments: ["destroy", "rebuild", "stop", "poweroff"], [true, false])
    func otherOnHypervisor(_ verb: String, isBegun: Bool) async throws {
        var number = 0
        try await after(["create", "start"]) { site, entry, driver in
            var operation = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0))
            number = operation.id
            if isBegun {
                (operation.state, operation.started) = (.running, 1)
                operation.steps = [Operation.Step(time: 1, text: "destroy")]
                try site.store.save(operation)
            }
            // By another service, over a copy of the database.
            _ = try await driver.destroy(entry.id, disks: [], keepDisks: false)
            let other = Specification(id: entry.id, name: "ai.gpu", build: 3, endpoint: Self.endpoint)
            try await driver.create(other, keepDisks: false)
            try await driver.start(entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "failed", "\(ended.text)")
            #expect(
                ended["error"]
                    == .string(
                        "/ai/gpu: \(verb) was asked for when the VM was build 1 of its descriptor, and it is build 3 by now; it "
                            + "is left as it is: ask again for \(verb) if that is still wanted"))
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["build"] == 3)
            #expect(try await site.run(verb, "/ai/gpu")["state"] == "done")
        }
    }

    @Test("is not done to a machine that a later operation changed, of which nothing else is known any more")
    func forgotten() async throws {
        var number = 0
        try await after(["create", "start"]) { site, entry, _ in
            number = try site.store.insert(
                Operation(verb: "destroy", path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0)
            ).id
            var record = try #require(try site.store.load().machines[entry.id])
            record["operation"] = .integer(number + 7)
            try site.store.save(machine: record, of: entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "failed")
            #expect(
                ended["error"]?.string?.contains("operation \(number + 7) was begun on the machine after it") == true,
                "\(ended.text)")
            #expect(try await driver.list().map(\.power) == [.running])
        }
    }

    @Test("is done where a rebuild had made the machine and did not come to say so, and it is not made once more")
    func rebuilt() async throws {
        var number = 0
        try await after(["create"]) { site, entry, driver in
            var operation = try site.store.insert(
                Operation(verb: "rebuild", path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0))
            number = operation.id
            (operation.state, operation.started) = (.running, 1)
            operation.steps = ["check", "destroy", "create"].map { Operation.Step(time: 1, text: $0) }
            try site.store.save(operation)
            var record = try #require(try site.store.load().machines[entry.id])
            (record["build"], record["operation"]) = (2, .integer(number))
            try site.store.save(machine: record, of: entry.id)
            _ = try await driver.destroy(entry.id, disks: [], keepDisks: false)
            let made = Specification(id: entry.id, name: "ai.gpu", build: 2, endpoint: Self.endpoint)
            try await driver.create(made, keepDisks: false)
            try await driver.start(entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "done", "\(ended.text)")
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await driver.list().map(\.build) == [2])
        }
    }

    @Test(
        "by an earlier version, which knew no builds, is done as it was meant, and not to another machine",
        arguments: [true, false])
    func earlierVersion(isMadeAnew: Bool) async throws {
        let directory = NSTemporaryDirectory() + "headwater-resumption-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory)
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../fixtures/store/version-6.sql").standardizedFileURL
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())",
            directory + "/headwater.sqlite", fixture.path(),
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)

        let hypervisors = Connections()
        let driver = hypervisors.driver(for: Self.endpoint)
        for (name, id) in [
            ("ai.cpu", "3fe22385-84e1-4423-84b5-ae9b1d38cc97"), ("ai.gpu", "c58e3d0f-41a7-42a9-a1c9-117798978cdb"),
        ] {
            let id = try #require(EntryID(id))
            let build = isMadeAnew ? 2 : 0
            try await driver.create(
                Specification(id: id, name: name, build: build, endpoint: Self.endpoint), keepDisks: false)
            try await driver.start(id)
        }
        try await Site.resume(directory, hypervisors: hypervisors) { site in
            for number in [7, 8] {
                let ended = try await site.get("/v1/operations/\(number)?wait=60")
                #expect(ended["state"] == (isMadeAnew ? "failed" : "done"), "\(ended.text)")
            }
            #expect(try await driver.list().map(\.power) == (isMadeAnew ? [.running, .running] : [.off]))
            #expect(try await site.run("create", "/ai/gpu")["state"] == "done")
            #expect(try await site.get("/v1/tree/ai/gpu")["vm"]?.map?["build"] == (isMadeAnew ? 2 : 1))
        }
    }

    @Test(
        "does not stop a machine that was stopped and that somebody has switched on again since",
        arguments: ["stop", "poweroff"])
    func switchedOnAgain(_ verb: String) async throws {
        var number = 0
        try await after(["create", "start"]) { site, entry, driver in
            var operation = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0))
            number = operation.id
            (operation.state, operation.started) = (.running, 1)
            operation.steps = [Operation.Step(time: 1, text: verb)]
            try site.store.save(operation)
            try await driver.stop(entry.id, grace: .zero)
            try await driver.start(entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "failed", "\(ended.text)")
            #expect(
                ended["error"]
                    == .string(
                        "/ai/gpu: somebody has switched the VM on again since \(verb) was asked for; it is left as it is: "
                            + "ask again for \(verb) if that is still wanted"))
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
            #expect(try await site.run(verb, "/ai/gpu")["state"] == "done")
        }
    }

    @Test("does not start a machine that somebody has started and paused, which can be resumed then")
    func paused() async throws {
        var number = 0
        try await after(["create"]) { site, entry, driver in
            number = try site.store.insert(
                Operation(verb: "start", path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0)
            ).id
            var record = try #require(try site.store.load().machines[entry.id])
            record["state"] = "starting"
            try site.store.save(machine: record, of: entry.id)
            try await driver.start(entry.id)
            try await #require(driver as? any Pausing).pause(entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "failed", "\(ended.text)")
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "paused")
            #expect(try await site.run("resume", "/ai/gpu")["state"] == "done")
            #expect(try await driver.list().map(\.power) == [.running])
        }
    }

    @Test("and was cancelled is not done, and what its machine does is asked")
    func cancelled() async throws {
        var number = 0
        try await after(["create", "start"]) { site, entry, _ in
            var operation = try site.store.insert(
                Operation(verb: "stop", path: entry.path, machine: entry.id, build: 1, principal: "ana", created: 0))
            number = operation.id
            (operation.state, operation.started) = (.running, 1)
            operation.steps = ["stop", "cancelled: what the hypervisor is working on is let end"]
                .map { Operation.Step(time: 1, text: $0) }
            try site.store.save(operation)
            var record = try #require(try site.store.load().machines[entry.id])
            record["state"] = "stopping"
            try site.store.save(machine: record, of: entry.id)
        } _: { site, driver in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == "cancelled", "\(ended.text)")
            #expect(ended["error"] == "the service ended before it knew whether the hypervisor had done it")
            #expect(try await driver.list().map(\.power) == [.running])
            #expect(try await site.get("/v1/tree/ai/gpu")["state"] == "running")
        }
    }

    @Test("does not restart a machine that it may have restarted", arguments: ["reboot", "reset"], [true, false])
    func restarts(_ verb: String, isBegun: Bool) async throws {
        var number = 0
        try await after(["create", "start"]) { site, entry, _ in
            var operation = try site.store.insert(
                Operation(verb: verb, path: entry.path, machine: entry.id, principal: "ana", created: 0))
            number = operation.id
            (operation.state, operation.started) = (.running, 1)
            if isBegun { operation.steps = [Operation.Step(time: 1, text: verb)] }
            try site.store.save(operation)
        } _: { site, _ in
            let ended = try await site.get("/v1/operations/\(number)?wait=60")
            #expect(ended["state"] == (isBegun ? "failed" : "done"), "\(ended.text)")
            guard isBegun else { return }
            #expect(
                ended["error"]
                    == .string(
                        "/ai/gpu: the service ended before it knew whether the hypervisor had done it; it is not done twice: "
                            + "\(verb) the machine again if it needs that"))
        }
    }
}
