import CLibXML
import OrderedCollections

extension Element {
    /// The largest document that is read, in bytes.
    static let limit = 16 << 20

    /// The root of a document. What stands before and behind it is left out; a document type is refused, since it can define
    /// entities.
    public init(parsing document: String) throws(ParseError) {
        let bytes = Array(document.utf8)
        guard bytes.count <= Element.limit else {
            throw ParseError("it has \(bytes.count) bytes; expected at most \(Element.limit)")
        }
        self = try bytes.withUnsafeBufferPointer { bytes throws(ParseError) in try Element.parse(bytes) }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(ParseError) -> Element {
        guard !bytes.isEmpty else { throw ParseError("it is empty") }
        let options = [XML_PARSE_NONET, XML_PARSE_NOERROR, XML_PARSE_NOWARNING].reduce(0) { $0 | $1.rawValue }
        xmlResetLastError()
        let reader = bytes.withMemoryRebound(to: CChar.self) { characters in
            xmlReaderForMemory(
                characters.baseAddress, CInt(characters.count), nil, "UTF-8", CInt(bitPattern: options))
        }
        guard let reader else { throw ParseError("there is no memory to read it") }
        defer { xmlFreeTextReader(reader) }
        var open: [Element] = []
        while true {
            switch xmlTextReaderRead(reader) {
            case 1: break
            case 0: throw ParseError("it ends before its root does")
            default: throw failure()
            }
            if let root = try take(reader, &open) { return try finish(reader, root) }
        }
    }

    /// Takes the node that the reader is at.
    /// - Returns: the root, when it has ended.
    private static func take(_ reader: xmlTextReaderPtr, _ open: inout [Element]) throws(ParseError) -> Element? {
        let isEmpty = xmlTextReaderIsEmptyElement(reader) == 1
        switch xmlReaderTypes(UInt32(bitPattern: xmlTextReaderNodeType(reader))) {
        case XML_READER_TYPE_ELEMENT:
            var element = Element(string(xmlTextReaderConstName(reader)))
            while xmlTextReaderMoveToNextAttribute(reader) == 1 {
                element.attributes[string(xmlTextReaderConstName(reader))] = string(xmlTextReaderConstValue(reader))
            }
            guard isEmpty else {
                open.append(element)
                return nil
            }
            return close(element, &open)
        case XML_READER_TYPE_END_ELEMENT:
            guard let element = open.popLast() else { throw ParseError("an element ends that did not begin") }
            return close(element, &open)
        case XML_READER_TYPE_DOCUMENT_TYPE:
            throw ParseError("it has a document type; expected none")
        case XML_READER_TYPE_ENTITY_REFERENCE:
            throw ParseError(
                "it refers to the entity \(string(xmlTextReaderConstName(reader))), which it cannot define")
        case XML_READER_TYPE_TEXT, XML_READER_TYPE_WHITESPACE, XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
            append(.text(string(xmlTextReaderConstValue(reader))), &open)
        case XML_READER_TYPE_CDATA:
            append(.data(string(xmlTextReaderConstValue(reader))), &open)
        case XML_READER_TYPE_COMMENT:
            append(.comment(string(xmlTextReaderConstValue(reader))), &open)
        case XML_READER_TYPE_PROCESSING_INSTRUCTION:
            let target = string(xmlTextReaderConstName(reader))
            append(.instruction(target: target, data: string(xmlTextReaderConstValue(reader))), &open)
        default:
            break
        }
        return nil
    }

    /// What follows the root must be well-formed as well.
    private static func finish(_ reader: xmlTextReaderPtr, _ root: Element) throws(ParseError) -> Element {
        var status: CInt = 1
        while status == 1 { status = xmlTextReaderRead(reader) }
        guard status == 0 else { throw failure() }
        return root
    }

    private static func append(_ node: Node, _ open: inout [Element]) {
        guard !open.isEmpty else { return }
        open[open.count - 1].content.append(node)
    }

    private static func close(_ element: Element, _ open: inout [Element]) -> Element? {
        guard !open.isEmpty else { return element }
        append(.element(element), &open)
        return nil
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }

    /// What libxml2 said last on this thread.
    private static func failure() -> ParseError {
        guard let error = xmlGetLastError(), let message = error.pointee.message else {
            return ParseError("it is not well-formed")
        }
        let text = String(cString: message).split(whereSeparator: \.isNewline).joined(separator: "; ")
        return ParseError("line \(error.pointee.line): \(text)")
    }
}
