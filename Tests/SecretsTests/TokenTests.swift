import Secrets
import Testing

@Suite("A token")
struct TokenTests {
    @Test("is hw_ and 32 bytes in base64url, and reads back as itself")
    func text() throws {
        let token = try Token.random()
        let text = token.reveal()
        #expect(text.hasPrefix("hw_"))
        #expect(text.utf8.count == 3 + 43)
        #expect(text.dropFirst(3).utf8.allSatisfy { Self.alphabet.contains($0) })
        let copy = try #require(Token(text))
        #expect(copy.reveal() == text)
        #expect(copy.hash == token.hash)
    }

    @Test("is another one each time")
    func random() throws {
        let tokens = try (0..<1_000).map { _ in try Token.random() }
        #expect(Set(tokens.map { $0.reveal() }).count == 1_000)
        #expect(Set(tokens.map(\.hash)).count == 1_000)
    }

    @Test(
        "is not read from a text that is none",
        arguments: [
            "", "hw_", "hw", "AAAA", "hw_AAAA",
            "HW_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
            "hw_AAAAAAAAAAAAAAAAAAAAA+/AAAAAAAAAAAAAAAAAAAA",
            "hw_AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA",
            "hw_AAAAAAAAAAAAAAAAAAAAA\0AAAAAAAAAAAAAAAAAAAAA",
            "hw_ñAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ])
    func refusal(_ text: String) {
        #expect(Token(text) == nil)
    }

    @Test("shows itself in no description, mirror or dump")
    func hiding() throws {
        struct Request {
            let token: Token
        }
        let token = try Token.random()
        let request = Request(token: token)
        var dumped = ""
        dump(request, to: &dumped)
        #expect("\(token)" == "Token(hidden)")
        #expect(String(reflecting: token) == "Token(hidden)")
        #expect("\(request)" == "Request(token: Token(hidden))")
        #expect(!dumped.contains("bytes"), "\(dumped)")
        #expect(Mirror(reflecting: token).children.isEmpty)
    }

    @Test("has the BLAKE2b-256 of its bytes as its hash")
    func hash() throws {
        // Computed with coreutils: head -c 32 /dev/zero | b2sum -l 256
        let token = try #require(Token("hw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"))
        #expect(
            token.hash.bytes.map { String($0, radix: 16) }.joined(separator: " ")
                == "89 eb d 6a 8a 69 1d ae 2c d1 5e d0 36 99 31 ce a 94 9e ca fa 5c 3f 93 f8 12 18 33 64 6e 15 c3")
    }

    @Test("is found by its hash as it was stored")
    func lookup() throws {
        let token = try Token.random()
        let stored = try #require(TokenHash(bytes: token.hash.bytes))
        #expect([stored: "ana"][token.hash] == "ana")
        #expect([stored: "ana"][try Token.random().hash] == nil)
        #expect(TokenHash(bytes: Array(token.hash.bytes.dropLast())) == nil)
        #expect(TokenHash(bytes: token.hash.bytes + [0]) == nil)
    }

    private static let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}
