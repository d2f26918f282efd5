import Foundation
import Testing
import Tree

@Suite("The token of a session")
struct SessionTokenTests {
    private let password = "correct horse battery"

    /// Reads and makes tokens with PyJWT, an implementation that is not ours, by the daemon's own keys.
    private static let program = """
        import base64, json, jwt, sys, time
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
        keys, token = json.load(open(sys.argv[1]))["keys"], sys.argv[2]
        octets = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        header = jwt.get_unverified_header(token)
        key = next(key for key in keys if key["kid"] == header["kid"])
        public = Ed25519PublicKey.from_public_bytes(octets(key["x"]))
        private = Ed25519PrivateKey.from_private_bytes(octets(key["d"]))
        claims = jwt.decode(token, public, algorithms=["EdDSA"], audience="headwater", issuer="headwater")
        def sign(key, **changes):
            return jwt.encode({**claims, **changes}, key, algorithm="EdDSA", headers={"kid": header["kid"]})
        print(json.dumps({
            "header": header, "claims": claims, "own": sign(private),
            "late": sign(private, exp=int(time.time()) - 1), "foreign": sign(Ed25519PrivateKey.generate()),
        }))
        """

    @Test("is what another implementation verifies, and one that it signs with the daemon's key is taken")
    func pyjwt() async throws {
        try await Daemon.run { daemon in
            let made = try await daemon.api.send("POST", "/v1/users", ["name": "jana", "password": .string(password)])
            #expect(made.status == 201, "\(made.text)")
            let form = "grant_type=password&username=jana&password=\(password.replacing(" ", with: "+"))"
            let login = try await daemon.api.send(
                "POST", "/oauth/token", Array(form.utf8), type: "application/x-www-form-urlencoded")
            let token = try #require(try login.json["access_token"]?.string, "\(login.text)")
            let python = try await run(
                try Repository.tool("python3"),
                ["-c", Self.program, daemon.scratch.file("state/session.keys"), token])
            #expect(python.status == 0, "\(python.errors)")
            let read = try python.json
            #expect(read["header"]?["alg"] == "EdDSA" && read["header"]?["typ"] == "JWT")
            #expect(read["claims"]?["sub"] == "jana")
            for (name, status) in [("own", 200), ("late", 401), ("foreign", 401)] {
                let caller = API(url: daemon.url, token: try #require(read[name]?.string))
                #expect(try await caller.send("GET", "/v1/whoami").status == status, "\(name)")
            }
        }
    }
}
