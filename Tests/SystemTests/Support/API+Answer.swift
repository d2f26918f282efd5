import Formats
import Tree

extension API {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        /// By their names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        /// Reads what stood on the wire; nil if there is no whole head.
        init?(_ bytes: [UInt8]) {
            guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
            let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            guard let code = lines.first?.split(separator: " ").dropFirst().first, let status = Int(code) else {
                return nil
            }
            let fields = lines.dropFirst().map { line in
                let parts = line.split(separator: ":", maxSplits: 1)
                return (parts[0].lowercased(), parts.last.map { String($0.drop { $0 == " " }) } ?? "")
            }
            self.status = status
            headers = Dictionary(fields) { $0 + ", " + $1 }
            body = Array(bytes[end.upperBound...])
        }

        var text: String { String(decoding: body, as: UTF8.self) }
        /// The body read as JSON; null if there is none.
        var json: Value {
            get throws { body.isEmpty ? .null : try JSON.decode(body) }
        }
        /// What a problem document says.
        var detail: String? { (try? json)?["detail"]?.string }
        var revision: Int? { headers["x-headwater-revision"].flatMap { Int($0) } }
    }
}
