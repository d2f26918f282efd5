import Formats
import Secrets
import Tree

/// How rows hang together.
extension AuditEntry {
    /// What the first row follows.
    static let beginning = [UInt8](repeating: 0, count: 32)

    /// The row's hash where it follows a row of the hash `previous`: the BLAKE2b-256 of that and of the row's columns, in
    /// their order, as a JSON list.
    func hash(following previous: [UInt8]) -> [UInt8] {
        let columns: [Value] = [
            .integer(number), .integer(time), .text(principal), .text(key), .text(address), .string(action),
            .text(path?.description), .text(subject), .string(result.rawValue), .number(status), .number(revision),
            .number(operation), .text(grounds), .integer(times),
        ]
        return Digest.blake2b256(of: previous + JSON.encode(.list(columns)))
    }
}

extension Value {
    fileprivate static func text(_ text: String?) -> Value { text.map(Value.string) ?? .null }
    fileprivate static func number(_ number: Int?) -> Value { number.map(Value.integer) ?? .null }
}

extension [UInt8] {
    /// In hexadecimal digits.
    public var hexadecimal: String {
        reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
    }
}
