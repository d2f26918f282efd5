public import Tree

/// Why a driver did not do what it was asked.
public struct DriverError: Error, Hashable, Sendable {
    public let kind: Kind
    /// The hypervisor's name in the definition.
    public let hypervisor: String
    /// The machine that it was about.
    public let machine: EntryID?
    /// What the hypervisor said, or what is wrong.
    public let message: String

    public init(_ kind: Kind, hypervisor: String, machine: EntryID? = nil, _ message: String) {
        self.kind = kind
        self.hypervisor = hypervisor
        self.machine = machine
        self.message = message
    }

    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The hypervisor does not answer, or not to us.
        case unreachable
        /// The machine, or something that it needs, is not there.
        case notFound
        /// The hypervisor will not do it.
        case refused
        /// Something of that name, UUID or address is there already.
        case conflict
        /// The hypervisor cannot do it.
        case unsupported
        /// It took too long.
        case timeout
        /// The caller gave up.
        case cancelled
        /// It was tried and did not work.
        case failed
    }

    /// Whether the same call may work later without any change.
    public var isTransient: Bool {
        switch kind {
        case .unreachable, .timeout, .cancelled: true
        case .notFound, .refused, .conflict, .unsupported, .failed: false
        }
    }
}

extension DriverError: CustomStringConvertible {
    /// `hypervisor lab: VM 7d9…: no domain with matching uuid`.
    public var description: String {
        "hypervisor \(hypervisor): " + (machine.map { "VM \($0): " } ?? "") + message
    }
}
