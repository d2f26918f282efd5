import Secrets
import Testing

@Suite("A password")
struct PasswordTests {
    @Test("matches its own hash and no other", arguments: ["correct horse", "", "contraseña ñandú 🔑", "a\0b"])
    func match(_ text: String) throws {
        let hash = try Password(text).hash()
        #expect(Password(text).matches(hash))
        #expect(!Password(text + " ").matches(hash))
        #expect(!Password("a").matches(hash))
    }

    @Test("is hashed by argon2id with the interactive limits, each time with another salt")
    func form() throws {
        let first = try Password("secret").hash()
        #expect(first.text.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"), "\(first.text)")
        #expect(try Password("secret").hash() != first)
    }

    @Test("matches a hash that was stored as text")
    func stored() throws {
        let hash = try Password("secret").hash()
        let stored = try #require(PasswordHash(text: hash.text))
        #expect(Password("secret").matches(stored))
    }

    @Test(
        "has no hash in a text that is none",
        arguments: ["", "secret", "$2b$12$abc", "$argon2id$ \0", "$argon2id$" + String(repeating: "a", count: 200)])
    func refusal(_ text: String) {
        #expect(PasswordHash(text: text) == nil)
    }

    @Test("matches no hash that is broken")
    func broken() throws {
        let hash = try #require(PasswordHash(text: "$argon2id$v=19$m=65536,t=2,p=1$broken"))
        #expect(!Password("secret").matches(hash))
    }

    @Test("shows itself in no description or mirror, nor does its hash")
    func hiding() throws {
        let password = Password("secret")
        let hash = try password.hash()
        #expect("\(password) \(hash)" == "Password(hidden) PasswordHash(hidden)")
        #expect(String(reflecting: password) == "Password(hidden)")
        #expect(Mirror(reflecting: password).children.isEmpty)
        #expect(Mirror(reflecting: hash).children.isEmpty)
    }

    @Test("says what is missing when it cannot be hashed")
    func errors() {
        #expect(
            "\(SecretsError.noRandomness)"
                == "no secret can be made: the system gives no random bytes; expected getrandom(2) or /dev/urandom to work"
        )
        #expect(
            "\(SecretsError.noMemory)"
                == "a password cannot be hashed: its 64 MiB of memory are not to be had; free memory and repeat the request"
        )
    }
}
