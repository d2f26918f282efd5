/// Everything that is wrong with a directory, so that all of it can be put right at once.
public struct FolderFormError: Error, Hashable, Sendable {
    /// What is wrong, and where.
    public struct Fault: Hashable, Sendable {
        /// The file or directory; with `:line:column` where the text itself is wrong.
        public let place: String
        public let message: String
    }

    public let faults: [Fault]

    init(_ faults: [Fault]) {
        self.faults = faults
    }

    init(_ place: String, _ message: String) {
        faults = [Fault(place: place, message: message)]
    }
}

extension FolderFormError: CustomStringConvertible {
    /// One line for each: `courses/web.yaml:3:7: key "a" is given twice; expected each key once`.
    public var description: String {
        faults.map { "\($0.place): \($0.message)" }.joined(separator: "\n")
    }
}
