import CCurl

extension Connection {
    /// How long a host may take to let a connection in, in seconds.
    private static let patience = 30

    /// What holds for every request.
    func set(_ trust: Trust, _ direct: String, _ handle: UnsafeMutableRawPointer) {
        headwater_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        headwater_set_text(handle, CURLOPT_NOPROXY, direct)
        headwater_set_number(handle, CURLOPT_CONNECTTIMEOUT, Connection.patience)
        // Signals are for programs of one thread (CURLOPT_NOSIGNAL(3)).
        headwater_set_number(handle, CURLOPT_NOSIGNAL, 1)
        if let authorities = trust.authorities { headwater_set_text(handle, CURLOPT_CAINFO, authorities) }
        if let certificate = trust.certificate {
            headwater_set_text(handle, CURLOPT_SSLCERT, certificate)
            headwater_set_text(handle, CURLOPT_SSLKEY, trust.key ?? certificate)
        }
    }

    func set(_ request: Request, _ handle: UnsafeMutableRawPointer) {
        headwater_set_text(handle, CURLOPT_URL, request.url)
        if request.method != .get {
            let body = request.body ?? []
            _ = body.withUnsafeBytes { headwater_set_body(handle, $0.baseAddress, curl_off_t($0.count)) }
        }
        headwater_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        if let deadline = request.deadline { headwater_set_number(handle, CURLOPT_TIMEOUT, deadline) }
        if let silence = request.silence {
            // Fewer bytes a second than one, for so long.
            headwater_set_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            headwater_set_number(handle, CURLOPT_LOW_SPEED_TIME, silence)
        }
    }

    /// Headers as libcurl takes them; one without a value keeps libcurl from adding its own.
    static func list(_ fields: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist>? {
        let hasType = fields.contains { $0.name == "Content-Type" }
        let lines = fields.map { "\($0.name): \($0.value)" } + (hasType ? [] : ["Content-Type:"])
        return lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
    }

    /// The headers of the last answer.
    static func fields(_ handle: UnsafeMutableRawPointer) -> [String: String] {
        var fields: [String: String] = [:]
        var header = curl_easy_nextheader(handle, UInt32(CURLH_HEADER), -1, nil)
        while let found = header?.pointee {
            fields[String(cString: found.name).lowercased()] = String(cString: found.value)
            header = curl_easy_nextheader(handle, UInt32(CURLH_HEADER), -1, header)
        }
        return fields
    }
}
