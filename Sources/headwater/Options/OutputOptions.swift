import ArgumentParser
import Formats
import Tree

/// How to print, and the printing.
struct OutputOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "How to print: for people, or whole documents.")
    var format = OutputFormat.table

    /// Prints a document; `text` gives what people read instead.
    func show(_ document: Value, _ text: () -> String) {
        switch format {
        case .table: write(text())
        case .json: write(Terminal.output.shown(document.json))
        case .yaml: write(Terminal.output.shown(document.yaml))
        }
    }

    /// Prints without a second line break at the end.
    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        Terminal.print(text)
    }
}

extension Value {
    /// The value as JSON, indented.
    var json: String { String(decoding: JSON.encode(self, pretty: true), as: UTF8.self) }

    /// The value as YAML.
    var yaml: String { String(decoding: YAML.encode(self), as: UTF8.self) }

    /// What people and shells want of a value: a text or a number bare, anything deeper as YAML.
    var readable: String {
        switch self {
        case .string(let text): Terminal.output.shown(text)
        case .list, .map: Terminal.output.shown(yaml)
        default: JSON.encode(self).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }
}
