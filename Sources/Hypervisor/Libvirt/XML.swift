import FoundationXML

/// An element with its attributes and children; attributes and children that are nil are left out.
func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [XMLElement?] = [])
    -> XMLElement
{
    let element = XMLElement(name: name)
    for (name, value) in attributes {
        guard let value, let attribute = XMLNode.attribute(withName: name, stringValue: value) as? XMLNode else {
            continue
        }
        element.addAttribute(attribute)
    }
    for child in children.compactMap({ $0 }) { element.addChild(child) }
    return element
}

/// An element with text.
func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> XMLElement {
    let element = element(name, attributes)
    element.stringValue = text
    return element
}

extension XMLElement {
    /// Reads what libvirt wrote.
    static func parse(_ text: String) throws(LibvirtError) -> XMLElement {
        guard
            let document = try? XMLDocument(xmlString: text, options: .nodeLoadExternalEntitiesNever),
            let root = document.rootElement()?.copy() as? XMLElement
        else { throw LibvirtError(.failed, "its description is no XML") }
        return root
    }

    /// The elements at the end of a chain of names.
    func all(_ names: String...) -> [XMLElement] {
        names.reduce([self]) { elements, name in elements.flatMap { $0.elements(forName: name) } }
    }

    /// The first element at the end of a chain of names.
    func first(_ names: String...) -> XMLElement? {
        names.reduce([self]) { elements, name in elements.flatMap { $0.elements(forName: name) } }.first
    }

    subscript(attribute name: String) -> String? {
        attribute(forName: name)?.stringValue
    }
}
