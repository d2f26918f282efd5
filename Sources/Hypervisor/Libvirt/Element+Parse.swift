import Tree
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

    /// The size that it holds: libvirt writes KiB unless it says otherwise.
    var size: Size? {
        let unit = self[attribute: "unit"] ?? "KiB"
        return Size("\(text)\(unit == "bytes" ? "B" : unit)")
    }
}
