// Formats: bytes from and to values.
//
// `JSON` and `YAML` read what clients, files and the store hand in, and write what is served. Both give the same values
// for the same meaning, keep the order of keys and the kind of numbers, and refuse what cannot be kept unchanged.
//
// Imports: Tree; jansson for JSON; for YAML the libyaml within Yams; Dispatch, to read a large text on all cores; Glibc,
// to read directories.
// Errors: reading throws a `FormatError` with line and column, and never traps, whatever the bytes; writing cannot fail.
// Concurrency: pure functions without shared state, callable from any thread; 512 KiB of stack are enough. `Parallel` is
// how whoever reads or writes much of it does so on all cores.
// Not for: what a definition means, comments, streams of several documents.

/// How much a document may hold.
public struct Limits: Hashable, Sendable {
    /// The most a depth can be set to: readers and writers recurse, and no value may exhaust a thread's stack.
    public static let maximumDepth = 128 + envelope
    /// How many lists and maps may stand around a definition in a request or an answer.
    public static let envelope = 8

    /// How many lists and maps may stand within each other, after aliases are expanded.
    public let depth: Int
    /// How many values a document may hold, after aliases are expanded; keys do not count.
    public let nodes: Int
    /// How many bytes the document may have, and its strings and keys after aliases are expanded.
    public let bytes: Int

    /// A depth over `maximumDepth` becomes that.
    public init(depth: Int = 64, nodes: Int = 1_000_000, bytes: Int = 64 << 20) {
        self.depth = min(depth, Limits.maximumDepth)
        self.nodes = nodes
        self.bytes = bytes
    }

    public var depthMessage: String { "lists and maps stand deeper than \(depth) levels; expected at most \(depth)" }
    var nodesMessage: String { "the document holds more than \(nodes) values; expected at most \(nodes)" }
    var bytesMessage: String { "the document holds more than \(bytes) bytes of text; expected at most \(bytes)" }
}
