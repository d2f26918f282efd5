extension Schema {
    /// Finds what changed at a place of the tree without reading the whole history.
    static let step2 = "CREATE INDEX change_by_path ON change (path, revision);"
}
