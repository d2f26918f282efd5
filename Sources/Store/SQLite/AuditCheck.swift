import Foundation
import GRDB

/// Whether the audit log is whole: every row there, as it was written, after the one that it followed.
///
/// Who can write to the file can also write a new chain, from some row to the end. Against that stands a hash that was
/// noted elsewhere: `head`, at some time, is to be found in the log at any later time.
public struct AuditCheck: Hashable, Sendable {
    /// A row that was noted: its number and its hash.
    public struct Head: Hashable, Sendable, CustomStringConvertible {
        public let number: Int
        /// In hexadecimal digits.
        public let hash: String

        public init(number: Int, hash: String) {
            self.number = number
            self.hash = hash
        }

        /// `1041:9f86d0…`; nil if the text is none.
        public init?(_ text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let number = Int(parts[0]), number > 0, parts[1].count == 64,
                parts[1].allSatisfy(\.isHexDigit)
            else { return nil }
            self.init(number: number, hash: parts[1].lowercased())
        }

        public var description: String { "\(number):\(hash)" }
    }

    public private(set) var count = 0
    /// The newest row; nil if there is none.
    public private(set) var head: Head?
    /// What is wrong, in the order of rows; empty if nothing is.
    public private(set) var problems: [String] = []

    /// More are only counted.
    public static let longest = 20

    /// Reads the log of a store's file, which a daemon may be using.
    ///
    /// - Parameter noted: a row that is to be in it.
    public init(file: String, noted: Head? = nil) throws(StoreError) {
        do {
            guard try FileInspection.version(of: file, knowing: .current) == Schema.current.version else {
                throw StoreError.Reason.refused("the database has an older schema; start the daemon once")
            }
            var configuration = Configuration.store
            configuration.readonly = true
            let queue = try DatabaseQueue(path: file, configuration: configuration)
            defer { try? queue.close() }
            try queue.read { try read($0, noted) }
        } catch {
            throw StoreError(error, in: file)
        }
    }

    private mutating func read(_ database: Database, _ noted: Head?) throws {
        let subject = try String.fetchOne(
            database, sql: "SELECT subject FROM audit WHERE action = ? ORDER BY number DESC LIMIT 1",
            arguments: [AuditCut.action])
        var previous = AuditCut(number: 0, hash: AuditEntry.beginning)
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY number")
        while let row = try rows.next() {
            let number = row["number"] as Int
            if count == 0, let cut = AuditCut(subject), cut.number < number { previous = cut }
            let gap = number - previous.number - 1
            if gap == 1 { add("row \(number - 1) is missing") }
            if gap > 1 { add("rows \(previous.number + 1) to \(number - 1) are missing") }
            let entry = try? AuditEntry(row: row)
            if gap == 0, entry.map({ $0.hash(following: previous.hash) != $0.hash }) ?? true {
                add("row \(number) is not as it was written, or does not follow row \(previous.number) as that is now")
            }
            let hash = entry?.hash ?? (row["hash"] as Data?).map { [UInt8]($0) } ?? []
            if let noted, noted.number == number, noted.hash != hash.hexadecimal {
                add("row \(number) has another hash than the one noted: all up to it may have been written anew")
            }
            previous = AuditCut(number: number, hash: hash)
            count += 1
        }
        try readEnd(database, previous, noted)
    }

    private mutating func readEnd(_ database: Database, _ last: AuditCut, _ noted: Head?) throws {
        let newest =
            try Int.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'audit'") ?? 0
        let known = max(newest, noted?.number ?? 0)
        if known > last.number { add("rows after \(last.number) are missing: there was a row \(known)") }
        if last.number > 0 { head = Head(number: last.number, hash: last.hash.hexadecimal) }
    }

    private mutating func add(_ problem: String) {
        if problems.count < Self.longest {
            problems.append(problem)
        } else if problems.count == Self.longest {
            problems.append("and more")
        }
    }
}
