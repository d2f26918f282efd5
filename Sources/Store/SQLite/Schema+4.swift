extension Schema {
    /// Lets the past be compacted up to a horizon, and nothing that a revision from there on needs.
    ///
    /// `entry_by_change` is for the foreign key: without it each change that goes would look through all entries.
    static let step4 = """
        CREATE TABLE horizon (revision INTEGER NOT NULL) STRICT;
        INSERT INTO horizon VALUES (0);

        CREATE TRIGGER horizon_single BEFORE INSERT ON horizon
        BEGIN SELECT raise(ABORT, 'there is one horizon'); END;

        CREATE TRIGGER horizon_remains BEFORE DELETE ON horizon
        BEGIN SELECT raise(ABORT, 'there is one horizon'); END;

        CREATE TRIGGER horizon_advances BEFORE UPDATE ON horizon
        WHEN NEW.revision < OLD.revision OR NEW.revision > (SELECT coalesce(max(number), 0) FROM revision)
        BEGIN SELECT raise(ABORT, 'the horizon moves on, to a revision that exists'); END;

        DROP TRIGGER change_remains;

        CREATE TRIGGER change_remains BEFORE DELETE ON change
        WHEN OLD.revision > (SELECT revision FROM horizon) OR (
            NOT EXISTS (SELECT 1 FROM change AS later WHERE later.id = OLD.id AND later.revision > OLD.revision
                AND later.revision <= (SELECT revision FROM horizon))
            AND (OLD.definition IS NOT NULL OR EXISTS (SELECT 1 FROM change AS earlier
                WHERE earlier.id = OLD.id AND earlier.revision < OLD.revision)))
        BEGIN SELECT raise(ABORT, 'a change that a kept revision is made of is never removed'); END;

        CREATE INDEX entry_by_change ON entry (change);
        """
}
