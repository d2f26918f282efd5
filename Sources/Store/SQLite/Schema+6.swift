extension Schema {
    /// The audit log. Each row's hash covers the row and the hash of the one before.
    static let step6 = """
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            principal TEXT,
            key TEXT,
            address TEXT,
            action TEXT NOT NULL,
            path TEXT,
            subject TEXT,
            result TEXT NOT NULL,
            status INTEGER,
            revision INTEGER,
            operation INTEGER,
            grounds TEXT,
            times INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;

        CREATE INDEX audit_by_path ON audit (path, number);
        CREATE INDEX audit_by_principal ON audit (principal, number);

        CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'a row of the audit log is never rewritten'); END;

        CREATE TRIGGER audit_is_shortened_from_its_beginning BEFORE DELETE ON audit
        WHEN OLD.number <> (SELECT min(number) FROM audit)
        BEGIN SELECT RAISE(ABORT, 'the audit log is shortened from its beginning only'); END;
        """
}
