import Foundation
import Testing

@testable import Sessions

@Suite("Sessions")
struct SignatoryTests {
    private let scratch = Scratch()
    private let now = 1_800_000_000

    private func signatory() async throws -> Signatory {
        try await Signatory(scratch.keys, now: now)
    }

    private func session(_ begins: Int, _ length: Int = 3_600) -> Session {
        Session(subject: "jana", user: 7, generation: 2, scope: ["view"], begins: begins, ends: begins + length)
    }

    @Test("are read back by who signed them, until they end")
    func life() async throws {
        let signatory = try await signatory()
        let text = try await signatory.sign(session(now))
        #expect(Signatory.isSession(text))
        #expect(await signatory.session(of: text, now: now) == session(now))
        #expect(await signatory.session(of: text, now: now + 3_599) == session(now))
        #expect(await signatory.session(of: text, now: now + 3_600) == nil)
    }

    @Test("do not hold before they begin, but for a clock that was set back by a minute")
    func early() async throws {
        let signatory = try await signatory()
        let text = try await signatory.sign(session(now))
        #expect(await signatory.session(of: text, now: now - 60) != nil)
        #expect(await signatory.session(of: text, now: now - 61) == nil)
    }

    @Test("hold over a restart, and are nothing to another installation")
    func restart() async throws {
        let text = try await signatory().sign(session(now))
        #expect(try await signatory().session(of: text, now: now) == session(now))
        let other = Scratch()
        #expect(try await Signatory(other.keys, now: now).session(of: text, now: now) == nil)
    }

    @Test("hold when the key is rotated, and end when the old keys are dropped")
    func rotation() async throws {
        let signatory = try await signatory()
        let text = try await signatory.sign(session(now))
        let first = try #require(try scratch.keys.read())
        try scratch.keys.write(try first.rotated(now: now))
        try await signatory.reload(now: now)
        #expect(await signatory.session(of: text, now: now) != nil)
        let next = try await signatory.sign(session(now))
        #expect(try header(next)["kid"] != header(text)["kid"])
        try scratch.keys.write(try #require(try scratch.keys.read()).rotated(now: now, keeping: false))
        try await signatory.reload(now: now)
        #expect(await signatory.session(of: text, now: now) == nil)
        #expect(await signatory.session(of: next, now: now) == nil)
    }

    @Test("get a new key every 30 days, and earlier keys are dropped when nothing that they signed can hold")
    func age() async throws {
        let signatory = try await signatory()
        let first = try #require(try scratch.keys.read()).current
        let month = 30 * 86_400
        _ = try await signatory.sign(session(now + month - 1))
        #expect(try scratch.keys.read()?.current == first)
        _ = try await signatory.sign(session(now + month))
        let second = try #require(try scratch.keys.read())
        #expect(second.current != first)
        #expect(second.count == 2)
        _ = try await signatory.sign(session(now + 2 * month))
        #expect(try scratch.keys.read()?.keys.map(\.kid).contains(first) == false)
    }

    @Test("of earlier keys cannot be signed by whoever reads the file: what signs is gone from it")
    func retired() throws {
        let ring = try KeyRing(now: now).rotated(now: now)
        #expect(ring.keys.map { $0.d != nil } == [true, false])
        #expect(!"\(ring)\(String(reflecting: ring))".contains(try #require(ring.keys[0].d)))
    }

    @Test("have their keys in a file that only its owner reads")
    func mode() async throws {
        _ = try await signatory()
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.keys.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("are signed with no key that other users may read", arguments: [0o644, 0o640, 0o602])
    func openToOthers(_ mode: Int) async throws {
        _ = try await signatory()
        let file = scratch.keys.path
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        let error = await #expect(throws: KeyFileError.self) { _ = try await signatory() }
        #expect(
            error?.description
                == "\(file): other users may read it (mode 0\(String(mode, radix: 8))), and with it sign sessions of "
                + "anybody; expected mode 0600: chmod 600 \(file); if one of them may have, make new keys with headwaterd "
                + "keys rotate --drop")
    }

    @Test(
        "say what is wrong with the file of their keys, and nothing of what is in it",
        arguments: [
            "", "{}", "secret", "{\"keys\": []}",
            #"{"keys": [{"created": 0, "crv": "Ed25519", "d": "c2hvcnQ", "kid": "a", "kty": "OKP", "x": "c2hvcnQ"}]}"#,
        ])
    func damage(_ text: String) async throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.keys.path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: scratch.keys.path)
        let error = await #expect(throws: KeyFileError.self) { _ = try await signatory() }
        #expect(
            error?.description
                == "\(scratch.keys.path): it holds no keys of Headwater; the keys that sign sessions belong there: put the "
                + "file right, or remove it and all who logged in with a password do so again")
    }

    private func header(_ text: String) throws -> [String: String] {
        let part = try #require(text.split(separator: ".").first)
        return try JSONDecoder().decode([String: String].self, from: try #require(Base64URL.data(part)))
    }
}
