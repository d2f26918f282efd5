extension Schema {
    /// Which making of its machine an operation was accepted for. Of operations of earlier versions it is not known.
    static let step7 = "ALTER TABLE operation ADD COLUMN build INTEGER;"
}
