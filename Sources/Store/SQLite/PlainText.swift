/// Refuses U+0000 in texts that become columns: SQLite would cut them there (sqlite.org/nulinstr.html), PostgreSQL has
/// no such texts. Within JSON it is escaped and harmless.
func checkTexts(_ texts: String?...) throws(StoreError.Reason) {
    for case let text? in texts where text.utf8.contains(0) {
        throw .refused("\"\(text.replacing("\0", with: "\u{FFFD}"))\" holds the character U+0000, which cannot be kept")
    }
}
