import CSodium
import Foundation
import Secrets

@testable import Sessions

/// Makes tokens of any header, payload and signature.
enum Forger {
    /// A token whose header and payload are signed by whatever `sign` does to the text before the last dot.
    static func token(
        _ header: String, payload: some Encodable, sign: (_ message: [UInt8]) -> [UInt8]
    ) throws -> String {
        let payload = Base64URL.text(try JSONEncoder().encode(payload))
        let signed = "\(Base64URL.text(Data(header.utf8))).\(payload)"
        return "\(signed).\(Base64URL.text(Data(sign(Array(signed.utf8)))))"
    }

    /// A header that asks for Ed25519 with the key of that name.
    static func header(kid: String, algorithm: String = "EdDSA", more: [String: String] = [:]) throws -> String {
        let fields = ["alg": algorithm, "kid": kid, "typ": "JWT"].merging(more) { $1 }
        return String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
    }

    /// HMAC with SHA-256 (RFC 2104), as HS256 uses it.
    static func hmac(_ message: [UInt8], secret: [UInt8]) -> [UInt8] {
        var state = crypto_auth_hmacsha256_state()
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        crypto_auth_hmacsha256_init(&state, secret, secret.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, &code)
        return code
    }
}
