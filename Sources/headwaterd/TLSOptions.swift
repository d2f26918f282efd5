import ArgumentParser

/// The flags for TLS and for client certificates.
struct TLSOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Speak TLS with this certificate and those that lead to its authority.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's private key.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("Believe client certificates that these authorities have signed.", valueName: "file"))
    var tlsCa: String?

    @Option(help: ArgumentHelp("The certificates that those authorities have revoked.", valueName: "file"))
    var tlsCrl: String?

    @Flag(help: "Allow plain text on an address that other machines reach.")
    var insecure = false

    @Option(
        name: .customLong("compiler"), parsing: .singleValue,
        help: ArgumentHelp(
            "The client certificate of this name may read the documents of every machine.", valueName: "certname"))
    var compilers: [String] = []

    @Option(
        name: .customLong("compiler-role"), parsing: .singleValue,
        help: ArgumentHelp(
            "So may those whose extension pp_auth_role has this value. Default: headwater-compiler.", valueName: "role")
    )
    var compilerRoles: [String] = []

    /// Takes over what flags and variables say.
    func apply(to settings: inout Settings, _ environment: [String: String]) throws(SettingsError) {
        settings.tls.certificate =
            tlsCertificate ?? environment["HEADWATER_TLS_CERTIFICATE"] ?? settings.tls.certificate
        settings.tls.key = tlsKey ?? environment["HEADWATER_TLS_KEY"] ?? settings.tls.key
        settings.tls.ca = tlsCa ?? environment["HEADWATER_TLS_CA"] ?? settings.tls.ca
        settings.tls.crl = tlsCrl ?? environment["HEADWATER_TLS_CRL"] ?? settings.tls.crl
        switch environment["HEADWATER_INSECURE"] {
        case nil, "": break
        case "true": settings.isPlainTextAllowed = true
        case "false": settings.isPlainTextAllowed = false
        case let text?: throw SettingsError("HEADWATER_INSECURE: expected true or false, found \"\(text)\"")
        }
        if insecure { settings.isPlainTextAllowed = true }
        if let names = TLSOptions.names(compilers, environment["HEADWATER_COMPILERS"]) { settings.compilers = names }
        if let names = TLSOptions.names(compilerRoles, environment["HEADWATER_COMPILER_ROLES"]) {
            settings.compilerRoles = names
        }
        try Settings.check(settings.compilers, of: "compilers")
        try Settings.check(settings.reserved, of: "reserved")
    }

    /// What the flags say, or else a variable with commas; nil if neither is there.
    private static func names(_ flags: [String], _ variable: String?) -> Set<String>? {
        guard flags.isEmpty else { return Set(flags) }
        return variable.map { Set($0.split(separator: ",").map(String.init)) }
    }
}
