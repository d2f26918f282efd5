import TLS

/// Where the files for TLS are; all nil: plain text.
struct TLSSettings: Equatable {
    var certificate: String?
    var key: String?
    /// The authorities of client certificates.
    var ca: String?
    /// The certificates that those took back.
    var crl: String?

    /// The files together; nil for plain text.
    var files: Files? {
        get throws(SettingsError) {
            guard self != TLSSettings() else { return nil }
            guard let certificate else {
                throw SettingsError("tls.certificate: missing; expected the file of the server's certificate")
            }
            guard let key else { throw SettingsError("tls.key: missing; expected the file of the certificate's key") }
            guard crl == nil || ca != nil else {
                throw SettingsError("tls.crl: means nothing without tls.ca, the authority whose list it is")
            }
            return Files(certificate: certificate, key: key, authorities: ca, revocations: crl)
        }
    }

    /// The credentials that the files make; nil for plain text.
    func credentials() throws(SettingsError) -> Credentials? {
        guard let files = try files else { return nil }
        do throws(CredentialsError) {
            return try Credentials(files)
        } catch {
            throw SettingsError("\(key(of: error.file)): \(error)")
        }
    }

    /// The setting that names a file.
    private func key(of file: String) -> String {
        switch file {
        case certificate: "tls.certificate"
        case key: "tls.key"
        case ca: "tls.ca"
        default: "tls.crl"
        }
    }
}
