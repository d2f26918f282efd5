import GRDB
public import Tree

extension SQLiteStore {
    public func revisions(of path: Path, before: Int?, limit: Int) throws(StoreError) -> [Revision] {
        guard !path.isRoot else { return try revisions(before: before, limit: limit) }
        return try read { database in
            // A change tells only where an entry stands from then on, so the next change of one that stood there counts.
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM revision WHERE number < :before AND number IN (
                        SELECT revision FROM change WHERE path = :path OR (path > :low AND path < :high)
                        UNION
                        SELECT (SELECT min(later.revision) FROM change AS later
                                WHERE later.id = old.id AND later.revision > old.revision)
                        FROM change AS old WHERE path = :path OR (path > :low AND path < :high)
                        UNION
                        SELECT revision FROM change
                        WHERE id IN (SELECT id FROM entry WHERE path = :path OR (path > :low AND path < :high))
                    ) ORDER BY number DESC LIMIT :limit
                    """,
                arguments: [
                    "before": before ?? .max, "path": "\(path)", "low": "\(path)/", "high": "\(path)0",
                    "limit": max(limit, 0),
                ]
            ).map(Revision.init)
        }
    }

    public func revisions(at paths: [Path], from first: Int, before end: Int, limit: Int) throws(StoreError) -> [Int] {
        try read { database in
            let places = Array(repeating: "?", count: paths.count).joined(separator: ", ")
            return try Int.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT revision FROM change WHERE path IN (\(places)) AND revision >= ? AND revision < ?
                    ORDER BY revision DESC LIMIT ?
                    """,
                arguments: StatementArguments(paths.map(\.description))
                    + StatementArguments([first, end, max(limit, 0)]))
        }
    }

    public func entry(at path: Path, as revision: Int) throws(StoreError) -> Entry? {
        try read { database in
            try Self.require(revision, in: database)
            return try ChangeRow.fetch(
                database,
                """
                change WHERE path = ? AND revision <= ? AND definition IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM change AS later
                        WHERE later.id = change.id AND later.revision > change.revision AND later.revision <= ?)
                ORDER BY revision DESC LIMIT 1
                """,
                arguments: ["\(path)", revision, revision]
            ) { try $0.entry(&$1) }.first
        }
    }

    public func moves(of id: EntryID) throws(StoreError) -> [Move] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT number, revision, path, definition IS NULL FROM change WHERE id = ? ORDER BY revision",
                arguments: [id.description]
            ).map { row in
                let place = RowReader(table: "change", row: "\(row[0] as DatabaseValue)")
                let path = try place.path(try row.decode(atIndex: 2), in: "path")
                return Move(revision: try row.decode(atIndex: 1), path: try row.decode(atIndex: 3) ? nil : path)
            }
        }
    }

    public func places(of revision: Int) throws(StoreError) -> [EntryID: Set<Path>] {
        let places = try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT number, id, path, (
                        SELECT path FROM change AS old WHERE old.id = change.id AND old.revision < change.revision
                        ORDER BY old.revision DESC LIMIT 1)
                    FROM change WHERE revision = ? ORDER BY number
                    """,
                arguments: [revision]
            ).map { row in
                let place = RowReader(table: "change", row: "\(row[0] as DatabaseValue)")
                let earlier: String? = try row.decode(atIndex: 3)
                var paths: Set = [try place.path(try row.decode(atIndex: 2), in: "path")]
                if let earlier { paths.insert(try place.path(earlier, in: "path")) }
                return (try place.id(try row.decode(atIndex: 1), in: "id"), paths)
            }
        }
        return Dictionary(places) { $0.union($1) }
    }

    public func versions(of id: EntryID, upTo revision: Int, limit: Int) throws(StoreError) -> [Entry] {
        try read { database in
            try ChangeRow.fetch(
                database,
                "change WHERE id = ? AND revision <= ? AND definition IS NOT NULL ORDER BY revision DESC LIMIT ?",
                arguments: [id.description, revision, max(limit, 0)]
            ) { try $0.entry(&$1) }
        }
    }

    public func entries(before revision: Int) throws(StoreError) -> [EntryID: Entry] {
        let entries = try read { database in
            try Self.require(revision - 1, of: revision, in: database)
            return try ChangeRow.fetch(
                database,
                """
                change JOIN (
                    SELECT old.id, max(old.revision) AS revision
                    FROM change AS now JOIN change AS old ON old.id = now.id AND old.revision < now.revision
                    WHERE now.revision = ? GROUP BY old.id
                ) AS newest ON change.id = newest.id AND change.revision = newest.revision
                WHERE definition IS NOT NULL
                """,
                arguments: [revision]
            ) { try $0.entry(&$1) }
        }
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
    }
}
