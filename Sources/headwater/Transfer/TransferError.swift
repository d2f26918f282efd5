import CCurl

/// Why a server did not answer.
struct TransferError: Error, Hashable {
    enum Cause: Sendable {
        /// Nobody takes connections there.
        case refused
        /// No such host is known.
        case unknownHost
        case timeout
        /// The server's certificate, or ours, is not believed, or a file with one cannot be used.
        case untrusted
        case other
    }

    let cause: Cause
    /// libcurl's own words.
    let text: String

    /// - Parameter text: what libcurl says beyond the code; empty if nothing.
    init(_ code: CURLcode, _ text: String) {
        cause =
            switch code {
            case CURLE_COULDNT_CONNECT: .refused
            case CURLE_COULDNT_RESOLVE_HOST: .unknownHost
            case CURLE_OPERATION_TIMEDOUT: .timeout
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE:
                .untrusted
            default: .other
            }
        self.text = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }
}
