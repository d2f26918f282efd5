import CGnuTLS

extension Certificate {
    /// Object identifiers are far shorter.
    private static let longestIdentifier = 128
    /// Of an extension or a name, in bytes.
    private static let longestText = 4_096

    /// Reads a certificate that was verified.
    ///
    /// A name is taken as it stands or not at all. One that two readers could take for two names (a NUL in it, capitals, a
    /// wildcard, a second common name) is refused: an authority may have signed it for somebody else.
    init(_ certificate: gnutls_x509_crt_t) throws(Flaw) {
        guard let bytes = Certificate.commonName(certificate, 0), let name = DERText.read(bytes) else {
            throw Flaw("its subject has no common name, or one that is no text")
        }
        guard Certificate.commonName(certificate, 1) == nil else {
            throw Flaw("its subject has more than one common name")
        }
        guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy(\.isNameByte), name.utf8.first?.isDot == false
        else {
            throw Flaw("its common name is no machine's: expected lower-case letters, digits, \".\", \"_\" and \"-\"")
        }
        self.init(name: name, extensions: Certificate.extensions(certificate))
    }

    private static func commonName(_ certificate: gnutls_x509_crt_t, _ index: UInt32) -> [UInt8]? {
        text { gnutls_x509_crt_get_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, index, 1, $0, $1) }
    }

    private static func extensions(_ certificate: gnutls_x509_crt_t) -> [String: String] {
        var extensions: [String: String] = [:]
        var index: UInt32 = 0
        while true {
            var identifier = [CChar](repeating: 0, count: longestIdentifier)
            var size = identifier.count
            var isCritical: UInt32 = 0
            let status = gnutls_x509_crt_get_extension_info(certificate, index, &identifier, &size, &isCritical)
            guard status != GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE else { return extensions }
            if status == 0,
                let value = text({ gnutls_x509_crt_get_extension_data(certificate, index, $0, $1) })
                    .flatMap(DERText.read)
            {
                let name = String(decoding: identifier.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
                // Of two of a kind neither counts for more.
                extensions[name] = extensions[name] == nil ? value : ""
            }
            index += 1
        }
    }

    /// What a function of GnuTLS fills in; nil if there is nothing, or too much.
    private static func text(_ fill: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>) -> Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: longestText)
        var size = bytes.count
        guard bytes.withUnsafeMutableBufferPointer({ fill($0.baseAddress, &size) }) == 0 else { return nil }
        return Array(bytes.prefix(size))
    }
}

extension UInt8 {
    fileprivate var isDot: Bool { self == UInt8(ascii: ".") }

    fileprivate var isNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
