extension Schema {
    /// Users, groups, and what narrows a token.
    ///
    /// A token stands for its `principal` by name: a user, or one that only this host makes tokens for. Rights and
    /// members are JSON lists, since nothing is ever asked of them but to be read whole.
    static let step5 = """
        CREATE TABLE user (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            password TEXT,
            generation INTEGER NOT NULL,
            is_superuser INTEGER NOT NULL CHECK (is_superuser IN (0, 1)),
            is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
            created INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE user_group (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            members TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;

        ALTER TABLE token ADD COLUMN folder TEXT;
        ALTER TABLE token ADD COLUMN rights TEXT;
        ALTER TABLE token ADD COLUMN certname TEXT;
        ALTER TABLE token ADD COLUMN used INTEGER;
        """
}
