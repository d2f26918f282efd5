import CMicroHTTPD
import Glibc

extension Response {
    /// The answer as it is sent past libmicrohttpd: head and body, after which the connection is closed.
    var lastBytes: [UInt8] {
        let reason = MHD_get_reason_phrase_for(UInt32(clamping: status)).map { String(cString: $0) } ?? ""
        let own = [("Date", Response.date), ("Content-Length", "\(body.count)"), ("Connection", "close")]
        let lines = (own + headers + Safeguards.missing(in: self)).map { "\($0): \(HeaderField.safe($1))\r\n" }
        return Array("HTTP/1.1 \(status) \(reason)\r\n\(lines.joined())\r\n".utf8) + body.bytes
    }

    /// The time as IMF-fixdate (RFC 9110 §5.6.7).
    private static var date: String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) "
            + "\(1900 + Int(parts.tm_year)) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
