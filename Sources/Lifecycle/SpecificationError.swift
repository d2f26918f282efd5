public import Tree

/// Why no machine can be made of a definition: everything that is in the way.
public struct SpecificationError: Error, Hashable, Sendable {
    /// At least one.
    public let problems: [Problem]
}

extension SpecificationError: CustomStringConvertible {
    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
