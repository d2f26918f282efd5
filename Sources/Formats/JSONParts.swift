import OrderedCollections
import Tree

/// A text in parts that are read one by one, on all cores: the outline, which is the text with one long list of the
/// outermost map emptied, and runs of that list's elements.
///
/// A parser that is done with one run is where the next begins, so the text is JSON exactly if the outline is, and every
/// run in brackets is and is not empty.
struct JSONParts {
    /// How many bytes a run has at least, but for the last.
    private let length: Int
    /// What stands between the brackets of the list; nil until it was found.
    private(set) var list: Range<Int>?
    /// Which member of the outermost map the list is.
    private var member = 0
    private var runs: [Range<Int>] = []
    /// Where the run begins that is being looked at; nil outside of a list.
    private var start: Int?
    private var isMap = false

    init(run length: Int) {
        self.length = length
    }

    /// Takes the next token.
    ///
    /// - Parameter depth: in how many lists and maps all before it leaves the text.
    mutating func see(_ token: JSONTokens.Token, depth: Int, in text: Text) {
        guard list == nil else { return }
        let first = text.bytes[token.range.lowerBound]
        switch (token.kind, depth) {
        case (.open, 0):
            isMap = first == UInt8(ascii: "{")
        case (.comma, 1):
            member += 1
        case (.open, 1):
            start = isMap && first == UInt8(ascii: "[") ? token.range.upperBound : nil
        case (.comma, 2):
            guard let start, token.range.lowerBound - start >= length else { return }
            runs.append(start..<token.range.lowerBound)
            self.start = token.range.upperBound
        case (.close, 2):
            guard let start, let first = runs.first else { return }
            runs.append(start..<token.range.lowerBound)
            list = first.lowerBound..<token.range.lowerBound
        default: break
        }
    }

    /// The value of the text; nil if anything is wrong with it, which is told best by who reads it as a whole.
    func value(of text: Text) -> Value? {
        // Nobody writes what is read here.
        nonisolated(unsafe) let bytes = text.bytes
        guard let list,
            case .map(var map)? = Self.value([UInt8](bytes[..<list.lowerBound]) + bytes[list.upperBound...]),
            map.values.indices.contains(member)
        else { return nil }
        let read = Parallel.map(runs, atATime: 1) { run in
            Self.value([UInt8(ascii: "[")] + bytes[run] + [UInt8(ascii: "]")])?.list ?? []
        }
        guard !read.contains(where: \.isEmpty) else { return nil }
        map.values[member] = .list(Array(read.joined()))
        return .map(map)
    }

    /// The value that bytes spell; nil if they are no JSON.
    private static func value(_ bytes: [UInt8]) -> Value? {
        bytes.withUnsafeBufferPointer { buffer in
            try? JSONReader(text: Text(format: "JSON", bytes: buffer, limits: Limits(bytes: .max))).value()
        }
    }
}
