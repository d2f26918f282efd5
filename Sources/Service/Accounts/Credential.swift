import Foundation
import HTTP
import Secrets
import Sessions
import TLS

/// What a request shows to be let in (RFC 6750 §2.1, RFC 7617): a token as bearer, or by Basic as the password of the user
/// `token`; a session as bearer; a name and a password by Basic. A client certificate counts without that header only.
enum Credential: Sendable {
    case token(Token)
    case session(String)
    case password(name: String, Password)
    case certificate(Certificate)

    /// The user name that stands for no user: what follows is a token.
    static let tokenUser = "token"

    /// Nil if there is neither, or the header shows nothing that could let anybody in.
    init?(_ head: Head) {
        guard let header = head.header("Authorization") else {
            guard let certificate = head.certificate else { return nil }
            self = .certificate(certificate)
            return
        }
        guard let space = header.firstIndex(of: " ") else { return nil }
        let text = String(header[header.index(after: space)...])
        switch header[..<space].lowercased() {
        case "bearer": self.init(bearer: text)
        case "basic": self.init(basic: text)
        default: return nil
        }
    }

    private init?(bearer text: String) {
        if let token = Token(text) {
            self = .token(token)
        } else if Signatory.isSession(text) {
            self = .session(text)
        } else {
            return nil
        }
    }

    private init?(basic text: String) {
        guard let data = Data(base64Encoded: text), let pair = String(bytes: data, encoding: .utf8),
            let colon = pair.firstIndex(of: ":")
        else { return nil }
        let (name, secret) = (String(pair[..<colon]), String(pair[pair.index(after: colon)...]))
        if name == Credential.tokenUser {
            guard let token = Token(secret) else { return nil }
            self = .token(token)
        } else {
            guard let password = Password(typed: secret) else { return nil }
            self = .password(name: name, password)
        }
    }
}

extension Password {
    /// The longest password that is looked at, in bytes.
    static let longest = 1_024

    /// A password as it came from outside, in the form that two keyboards agree on (RFC 8265 §4.2: NFC); nil for a text
    /// that can be none: empty, too long, or with a control character.
    init?(typed text: String) {
        let isControlled = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard !text.isEmpty, !isControlled, text.utf8.count <= Password.longest else { return nil }
        self.init(text.precomposedStringWithCanonicalMapping)
    }
}
