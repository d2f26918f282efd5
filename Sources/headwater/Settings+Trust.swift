extension Settings {
    /// Whom to trust, and with which certificate to ask: what flags say goes before HEADWATER_CA, and that before the file,
    /// whose certificate serves the file's server only.
    static func trust(
        _ flags: Connection.Trust, _ environment: [String: String], _ configured: Connection.Trust, _ file: String,
        _ isConfigured: Bool, _ read: (String) throws(Failure) -> String?
    ) throws(Failure) -> Connection.Trust {
        guard flags.key == nil || flags.certificate != nil else {
            throw Failure("--key \(flags.key ?? ""): expected --cert FILE with it", status: Failure.usage)
        }
        guard configured.key == nil || configured.certificate != nil else {
            throw Failure("\(file): key= without cert=", status: Failure.usage)
        }
        var trust = flags
        var origins = (authorities: "--cacert", certificate: "--cert", key: "--key")
        if trust.authorities == nil, let named = environment["HEADWATER_CA"], !named.isEmpty {
            trust.authorities = named
            origins.authorities = "HEADWATER_CA"
        }
        if trust.authorities == nil {
            trust.authorities = configured.authorities
            origins.authorities = "\(file): ca="
        }
        if trust.certificate == nil, isConfigured {
            (trust.certificate, trust.key) = (configured.certificate, configured.key)
            (origins.certificate, origins.key) = ("\(file): cert=", "\(file): key=")
        }
        for (name, origin) in [
            (trust.authorities, origins.authorities), (trust.certificate, origins.certificate),
            (trust.key, origins.key),
        ] {
            guard let name, (try? read(name)) == nil else { continue }
            let place = origin.hasSuffix("=") ? origin + name : "\(origin) \(name)"
            throw Failure("\(place): the file does not exist or cannot be read", status: Failure.usage)
        }
        return trust
    }

    /// What the environment says, and this machine: no proxy leads back to it.
    static func direct(_ environment: [String: String]) -> String {
        let named = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        // The asterisk, for all hosts, stands alone (CURLOPT_NOPROXY(3)).
        return named.isEmpty ? local : named == "*" ? named : "\(named),\(local)"
    }

    private static let local = "localhost,127.0.0.1,::1"
}
