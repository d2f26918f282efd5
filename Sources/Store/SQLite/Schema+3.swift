extension Schema {
    /// Which machine an operation is about, whatever its path is by now. One that is made of parts has none.
    static let step3 = """
        ALTER TABLE operation ADD COLUMN machine TEXT;

        UPDATE operation SET machine = (
            SELECT entry.id FROM entry JOIN change ON change.number = entry.change
            WHERE entry.path = operation.path AND change.kind = 'vm'
        )
        WHERE state IN ('queued', 'running')
            AND NOT EXISTS (SELECT * FROM operation AS part WHERE part.parent = operation.id);
        """
}
