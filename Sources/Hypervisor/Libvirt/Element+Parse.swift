import XML

extension Element {
    /// Reads what libvirt wrote.
    static func parse(_ text: String) throws(LibvirtError) -> Element {
        do throws(ParseError) {
            return try Element(parsing: text)
        } catch {
            throw LibvirtError(.failed, "its description is no XML: \(error)")
        }
    }
}
