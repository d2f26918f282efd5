import Tree

/// The client's configuration file: `KEY=VALUE`, one a line; `#` begins a comment line. The tools' own clients read the
/// same form.
struct ClientConfiguration {
    var url: String?
    var token: String?
    var trust = Connection.Trust()

    /// `cache max_age` are for other clients.
    private static let keys = ["url", "token", "ca", "cert", "key", "cache", "max_age"]

    init(_ text: String, _ file: String) throws(Failure) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = ClientConfiguration.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let sign = line.firstIndex(of: "=") else {
                throw Failure("\(file):\(index + 1): expected KEY=VALUE")
            }
            let key = ClientConfiguration.trimmed(line[..<sign])
            let value = ClientConfiguration.trimmed(line[line.index(after: sign)...])
            guard ClientConfiguration.keys.contains(key) else {
                let hint = Spelling.nearest(to: key, among: ClientConfiguration.keys).map { "did you mean \"\($0)\"?" }
                throw Failure(
                    "\(file):\(index + 1): unknown key \"\(key)\"; "
                        + (hint ?? "expected one of \(ClientConfiguration.keys.joined(separator: ", "))"))
            }
            guard !value.isEmpty else { continue }
            switch key {
            case "url": url = value
            case "token": token = value
            case "ca": trust.authorities = value
            case "cert": trust.certificate = value
            case "key": trust.key = value
            default: break
            }
        }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var text = Substring(text)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
