/// The client program, pointed at a daemon by the environment alone.
struct Client {
    let url: String
    let token: String?
    let home: Scratch

    init(_ daemon: Daemon) throws {
        try self.init(url: daemon.url, token: daemon.token)
    }

    init(url: String, token: String?) throws {
        self.url = url
        self.token = token
        home = try Scratch()
    }

    /// Runs a command, in a home without any configuration.
    func callAsFunction(_ arguments: String...) async throws -> Outcome {
        try await run(arguments)
    }

    func run(_ arguments: [String]) async throws -> Outcome {
        try await SystemTests.run(
            Repository.product("headwater"), arguments, environment: environment, directory: home.path,
            timeout: .seconds(60))
    }

    /// What the program finds around it.
    var environment: [String: String?] {
        ["HEADWATER_URL": url, "HEADWATER_TOKEN": token, "HOME": home.path, "XDG_CONFIG_HOME": nil]
    }
}
