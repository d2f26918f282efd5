import OrderedCollections

/// An element with its attributes and children; attributes and children that are nil are left out.
public func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [Element?] = []
) -> Element {
    var element = Element(name, content: children.compactMap { $0.map(Element.Node.element) })
    for (name, value) in attributes { element.attributes[name] = value }
    return element
}

/// An element with text.
public func element(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String) -> Element {
    var element = element(name, attributes)
    element.text = text
    return element
}
