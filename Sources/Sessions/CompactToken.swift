import Foundation
import Secrets

/// A signed token in its compact form: header, payload and signature, each in base64url, joined by dots (RFC 7515 §7.1).
struct CompactToken {
    /// The name of the key that is said to have signed it.
    let kid: String
    /// The payload, whose signature is yet to be checked.
    private let payload: Data
    private let signature: [UInt8]
    /// What the signature covers: header and payload as they stand in the text (RFC 7515 §5.1).
    private let signedText: [UInt8]

    private static let algorithm = "EdDSA"

    /// Reads a token; nil unless it has three parts and a header that asks for our algorithm, names a key, and demands
    /// nothing that this module does not know (RFC 7515 §4.1.11).
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Base64URL.data(parts[0]), let payload = Base64URL.data(parts[1]),
            let signature = Base64URL.data(parts[2]),
            let header = try? JSONDecoder().decode([String: String].self, from: head),
            Set(header.keys).isSubset(of: ["alg", "kid", "typ"]), header["alg"] == CompactToken.algorithm,
            let kid = header["kid"]
        else { return nil }
        self.kid = kid
        self.payload = payload
        self.signature = [UInt8](signature)
        signedText = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// The claims, if this key signed them.
    func claims(signedBy key: VerificationKey) -> Claims? {
        guard key.verifies(signature, of: signedText) else { return nil }
        return try? JSONDecoder().decode(Claims.self, from: payload)
    }

    /// The text of claims, signed by a key.
    ///
    /// - Parameter kid: the key's name in the header.
    static func text(of claims: Claims, signedBy key: SigningKey, kid: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let header = try encoder.encode(["alg": algorithm, "kid": kid, "typ": "JWT"])
        let signed = "\(Base64URL.text(header)).\(Base64URL.text(try encoder.encode(claims)))"
        return "\(signed).\(Base64URL.text(Data(key.signature(of: Array(signed.utf8)))))"
    }
}
