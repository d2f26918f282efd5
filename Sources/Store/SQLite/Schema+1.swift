extension Schema {
    /// Revisions and the tree, machines, operations, tokens.
    ///
    /// A definition is kept once, in the change that wrote it. `entry` says which change is an entry's current one; it
    /// could be computed from `change`, and is kept for a fast start and for the uniqueness of paths.
    ///
    /// Ids are kept as text, not as 16 bytes: they can be read and typed in a shell, are the same in every database,
    /// and cost little beside the definitions. Times are milliseconds since 1970. `machine.id` refers to no row, for a
    /// machine may outlive its entry.
    static let step1 = """
        CREATE TABLE revision (
            number INTEGER PRIMARY KEY CHECK (number > 0),
            time INTEGER NOT NULL,
            principal TEXT NOT NULL,
            address TEXT,
            message TEXT,
            changes INTEGER NOT NULL
        ) STRICT;

        CREATE TRIGGER revision_follows BEFORE INSERT ON revision
        WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM revision)
        BEGIN SELECT raise(ABORT, 'revisions are numbered without gaps'); END;

        CREATE TRIGGER revision_stays BEFORE UPDATE ON revision
        BEGIN SELECT raise(ABORT, 'a revision is never rewritten'); END;

        CREATE TRIGGER revision_remains BEFORE DELETE ON revision
        BEGIN SELECT raise(ABORT, 'a revision is never removed'); END;

        CREATE TABLE change (
            number INTEGER PRIMARY KEY,
            revision INTEGER NOT NULL REFERENCES revision (number),
            id TEXT NOT NULL,
            path TEXT NOT NULL,
            kind TEXT,
            definition TEXT,
            UNIQUE (id, revision),
            CHECK ((kind IS NULL) = (definition IS NULL))
        ) STRICT;

        CREATE INDEX change_by_revision ON change (revision);

        CREATE TRIGGER change_stays BEFORE UPDATE ON change
        BEGIN SELECT raise(ABORT, 'a change is never rewritten'); END;

        CREATE TRIGGER change_remains BEFORE DELETE ON change
        BEGIN SELECT raise(ABORT, 'a change is never removed'); END;

        CREATE TABLE entry (
            path TEXT PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            change INTEGER NOT NULL REFERENCES change (number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE machine (
            id TEXT PRIMARY KEY,
            record TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE operation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            parent INTEGER REFERENCES operation (id),
            verb TEXT NOT NULL,
            path TEXT NOT NULL,
            principal TEXT NOT NULL,
            created INTEGER NOT NULL,
            state TEXT NOT NULL,
            done INTEGER NOT NULL,
            total INTEGER NOT NULL,
            steps TEXT NOT NULL,
            error TEXT,
            started INTEGER,
            ended INTEGER
        ) STRICT;

        CREATE INDEX operation_by_parent ON operation (parent, id);
        CREATE INDEX operation_unfinished ON operation (id) WHERE state IN ('queued', 'running');

        CREATE TABLE token (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash BLOB NOT NULL UNIQUE,
            principal TEXT NOT NULL,
            is_superuser INTEGER NOT NULL CHECK (is_superuser IN (0, 1)),
            note TEXT,
            created INTEGER NOT NULL,
            expires INTEGER
        ) STRICT;
        """
}
