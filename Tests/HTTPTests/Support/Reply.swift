/// An answer as a client reads it.
struct Reply: Sendable {
    let status: Int
    /// The lines after the first, as they came.
    let lines: [String]
    let body: String

    /// The value of the only header of that name.
    func header(_ name: String) -> String? {
        let values = lines.filter { $0.lowercased().hasPrefix(name.lowercased() + ": ") }
        return values.count == 1 ? values.first.map { String($0.dropFirst(name.count + 2)) } : nil
    }

    /// The first answer in `bytes` and its size; nil if it is not there to its end.
    static func parse(_ bytes: [UInt8], toHead: Bool) -> (Reply, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        var lines = text[..<end].split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        guard let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return nil
        }
        let head = Reply(status: status, lines: lines, body: "")
        let start = text[..<end].utf8.count + 4
        let hasBody = !toHead && status >= 200 && status != 204 && status != 304
        let length = hasBody ? head.header("Content-Length").flatMap { Int($0) } ?? 0 : 0
        guard bytes.count >= start + length else { return nil }
        let body = String(decoding: bytes[start..<start + length], as: UTF8.self)
        return (Reply(status: status, lines: lines, body: body), start + length)
    }
}

extension String {
    /// The start of `text` in this string.
    fileprivate func range(of text: String) -> String.Index? {
        var place = utf8.startIndex
        while place < utf8.endIndex {
            if utf8[place...].starts(with: text.utf8) { return place }
            utf8.formIndex(after: &place)
        }
        return nil
    }
}
