public import Tree

/// An image as a hypervisor has it.
public struct StoredImage: Hashable, Sendable {
    /// The file or device on the hypervisor's host.
    public var path: String
    /// How large a disk made of it is at least; nil where the hypervisor does not say.
    public var capacity: Size?
    /// How much room it takes; nil where the hypervisor does not say.
    public var allocation: Size?

    public init(path: String, capacity: Size?, allocation: Size? = nil) {
        self.path = path
        self.capacity = capacity
        self.allocation = allocation
    }
}
