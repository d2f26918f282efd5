import Foundation

/// base64url without padding (RFC 4648 §5); each sequence of bytes has one text.
enum Base64URL {
    static func text(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    static func data(_ text: some StringProtocol) -> Data? {
        let plain = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        // Foundation passes over bits that belong to no byte, so that several texts would stand for one signature.
        guard let data = Data(base64Encoded: plain + padding), Base64URL.text(data) == text else { return nil }
        return data
    }
}
