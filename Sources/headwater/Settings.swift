import Foundation

/// Where the server is and how to prove who asks.
///
/// Nearest first: flags, the environment, what `headwater login` left, the configuration file, the token that a server on
/// this machine made for its first administrator. A token that was not named for a server is kept from it: a file's serves
/// the file's URL only, and the administrator's a server on this machine only.
struct Settings {
    /// What the command line says.
    struct Flags {
        var url: String?
        var tokenFile: String?
        var trust = Connection.Trust()
    }

    let url: URL
    let token: Token?
    let trust: Connection.Trust
    /// The hosts that no proxy leads to, as libcurl takes them.
    let direct: String
    /// Where a token was looked for, nearest first, for whom none was accepted.
    let places: [String]
    /// Where `headwater login` leaves its token.
    let loginFile: String

    static let defaultURL = "http://127.0.0.1:8470"

    /// - Parameter read: gives a file's text, nil if there is none; throws if it cannot be read.
    init(
        flags: Flags, environment: [String: String], read: (String) throws(Failure) -> String?
    ) throws(Failure) {
        let file = Settings.file(environment)
        let configuration = try read(file).map { text throws(Failure) in try ClientConfiguration(text, file) }
        loginFile = Settings.loginFile(beside: file)
        let login = try read(loginFile).map { [loginFile] text throws(Failure) in
            try ClientConfiguration(text, loginFile)
        }
        let (text, origin): (String, String) =
            if let text = flags.url {
                (text, "--url")
            } else if let text = environment["HEADWATER_URL"], !text.isEmpty {
                (text, "HEADWATER_URL")
            } else if let text = login?.url {
                (text, loginFile)
            } else if let text = configuration?.url {
                (text, file)
            } else {
                (Settings.defaultURL, "")
            }
        let url = try Settings.url(text, from: origin)
        self.url = url

        let isConfigured =
            try configuration?.url.map { text throws(Failure) in try Settings.url(text, from: file) } ?? url == url
        let isLoggedIn =
            try login?.url.map { [loginFile] text throws(Failure) in try Settings.url(text, from: loginFile) } == url
        var places = [
            "--token-file", "HEADWATER_TOKEN",
            isLoggedIn || login == nil ? "headwater login" : "headwater login (for another server)",
            isConfigured ? "token= in \(file)" : "token= in \(file) (for another server)",
        ]
        let locals = Settings.isLocal(url) ? Settings.localTokens : []
        places += locals
        self.places = places

        trust = try Settings.trust(
            flags.trust, environment, configuration?.trust ?? Connection.Trust(), file, isConfigured, read)
        direct = Settings.direct(environment)

        if let name = flags.tokenFile {
            guard let text = try? read(name) else {
                throw Failure("--token-file \(name): the file does not exist or cannot be read", status: Failure.usage)
            }
            token = try Token(text, from: name)
        } else if let text = environment["HEADWATER_TOKEN"], !text.isEmpty {
            token = try Token(text, from: "HEADWATER_TOKEN")
        } else if let text = login?.token, isLoggedIn {
            token = try Token(text, from: loginFile)
        } else if let text = configuration?.token, isConfigured {
            token = try Token(text, from: file)
        } else {
            token = try Settings.first(of: locals, read)
        }
    }

    /// The tokens that a server of this machine leaves for its first administrator.
    static let localTokens = [".state/admin.token", "/var/lib/headwater/admin.token"]

    /// Those of other users' servers are passed over.
    private static func first(
        of files: [String], _ read: (String) throws(Failure) -> String?
    ) throws(Failure) -> Token? {
        for file in files {
            if let text = try? read(file) { return try Token(text, from: file) }
        }
        return nil
    }

    /// The configuration file: `HEADWATER_CONF` names it, else it has its place in the user's configuration directory.
    private static func file(_ environment: [String: String]) -> String {
        if let file = environment["HEADWATER_CONF"], !file.isEmpty { return file }
        if let directory = environment["XDG_CONFIG_HOME"], !directory.isEmpty { return directory + "/headwater/config" }
        return (environment["HOME"] ?? "") + "/.config/headwater/config"
    }

    private static func loginFile(beside file: String) -> String {
        file.lastIndex(of: "/").map { file[..<$0] + "/login" } ?? "login"
    }

    private static func url(_ text: String, from origin: String) throws(Failure) -> URL {
        guard let url = URL(string: text.trimmingSuffix("/")), let host = url.host, !host.isEmpty,
            url.scheme == "http" || url.scheme == "https", url.query == nil, url.fragment == nil, url.user == nil
        else {
            throw Failure(
                "\(origin): \"\(text)\" is not the URL of a server: expected one such as \(defaultURL)",
                status: Failure.usage)
        }
        return url
    }

    /// Whether a URL leads to this machine.
    static func isLocal(_ url: URL) -> Bool {
        ["127.0.0.1", "localhost", "::1", "[::1]"].contains(url.host ?? "")
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
