import CLibXML
import OrderedCollections

extension Element {
    /// The element as text in UTF-8, without a declaration before it; empty only when memory is short.
    public var serialized: String {
        guard let document = xmlNewDoc("1.0"), let buffer = xmlBufferCreate() else { return "" }
        defer {
            xmlFreeDoc(document)
            xmlBufferFree(buffer)
        }
        guard let root = node(in: document) else { return "" }
        xmlDocSetRootElement(document, root)
        guard let saving = xmlSaveToBuffer(buffer, "UTF-8", CInt(XML_SAVE_NO_DECL.rawValue | XML_SAVE_AS_XML.rawValue))
        else { return "" }
        xmlSaveTree(saving, root)
        // Closing flushes what was saved.
        xmlSaveClose(saving)
        return xmlBufferContent(buffer).map { String(cString: $0) } ?? ""
    }

    /// A copy of the element that belongs to libxml2. Names keep their prefixes, and declarations of namespaces stay
    /// attributes: nothing is looked up.
    private func node(in document: xmlDocPtr) -> xmlNodePtr? {
        let node = xmlNewDocNode(document, nil, name, nil)
        for (name, value) in attributes { xmlNewProp(node, name, value.withoutNull) }
        for piece in content {
            let child =
                switch piece {
                case .element(let element): element.node(in: document)
                case .text(let text): text.isEmpty ? nil : xmlNewDocText(document, text.withoutNull)
                case .data(let text): xmlNewCDataBlock(document, text, CInt(clamping: text.utf8.count))
                case .comment(let text): xmlNewDocComment(document, text)
                case .instruction(let target, let data): xmlNewDocPI(document, target, data.isEmpty ? nil : data)
                }
            if let child { xmlAddChild(node, child) }
        }
        return node
    }
}

extension String {
    /// U+0000, which XML cannot have and C ends a text at, replaced by U+FFFD.
    fileprivate var withoutNull: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
