import Formats
import Foundation
import Glibc
import OrderedCollections
import Tree

/// The file in which a definition is edited, in a directory that nobody else may read.
struct EditedFile {
    private let directory: String
    private let name: String
    /// What was opened first: the text to which nothing may have been done.
    private let opened: [UInt8]
    /// The text that was refused last.
    private var refused: [UInt8]?

    private var path: String { "\(directory)/\(name)" }

    init(for document: EditedDocument) throws(Failure) {
        // It ends with a slash.
        var template = Array((NSTemporaryDirectory() + "headwater-XXXXXX").utf8CString)
        guard let made = template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap(mkdtemp) }) else {
            throw Failure(
                "\(NSTemporaryDirectory()): no directory can be made there: \(String(cString: strerror(errno)))")
        }
        directory = String(cString: made)
        name = (document.target.path.segments.last ?? "root") + ".yaml"
        let note = "Empty the file to give up; {} is a definition without keys."
        opened = Array("# \(document.target), revision \(document.revision). \(note)\n\(document.text)".utf8)
        try write(opened)
    }

    func open(in editor: Editor) throws(Failure) {
        do {
            try editor.open(path)
        } catch {
            throw try text() == opened ? discarded(error) : kept(error)
        }
    }

    /// What is to be written; nil if nothing was done to the text, or nothing is left of it.
    func definition() throws(Failure) -> Map? {
        let text = try text()
        guard text != opened else { return nil }
        // Below the line that tells why it is refused, so that the number of a line is that of the file.
        let value = try EditedFile.decode([EditedFile.lineFeed] + EditedFile.body(of: text))
        guard value != .null else { return nil }
        guard let definition = value.map else {
            throw Failure("expected a map of keys, found \(value.summary)")
        }
        return try YAML.encode(value) == YAML.encode(EditedFile.decode(opened)) ? nil : definition
    }

    private static func decode(_ text: [UInt8]) throws(Failure) -> Value {
        do {
            return try YAML.decode(text)
        } catch {
            throw Failure("\(error)")
        }
    }

    /// Puts the reason why the text was refused on top of it; ends if it is the text that was refused before.
    mutating func refuse(_ failure: Failure) throws(Failure) {
        let body = EditedFile.body(of: try text())
        guard body != refused else { throw kept(failure) }
        refused = body
        let lines = failure.text.split(separator: "\n").map { "\(Self.mark)\($0)\n" }
        try write(Array(lines.joined().utf8) + body)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The failure, with where the text is.
    func kept(_ failure: Failure) -> Failure { failure.adding("the edited text is in \(path)") }

    private func discarded(_ failure: Failure) -> Failure {
        remove()
        return failure
    }

    /// What begins a line that tells why a text was refused.
    private static let mark = "#! "

    private static let lineFeed = UInt8(ascii: "\n")

    /// The text without the lines that tell why it was refused.
    private static func body(of text: [UInt8]) -> [UInt8] {
        var rest = text[...]
        while rest.starts(with: mark.utf8) {
            guard let end = rest.firstIndex(of: lineFeed) else { return [] }
            rest = rest[rest.index(after: end)...]
        }
        return Array(rest)
    }

    /// The bytes as they are: an editor may have written some that are no UTF-8.
    private func text() throws(Failure) -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure("\(path): cannot be read")
        }
        return Array(bytes)
    }

    private func write(_ text: [UInt8]) throws(Failure) {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text), attributes: [.posixPermissions: 0o600])
        else { throw Failure("\(path): cannot be written") }
    }
}
