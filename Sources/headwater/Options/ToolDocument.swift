import ArgumentParser

/// A document in which a tool is told of a machine.
enum ToolDocument: String, ExpressibleByArgument, CaseIterable {
    case enc
    case hiera
    /// The variables of a host of Ansible's.
    case ansible
    /// The groups of Ansible's that it is in.
    case groups
    case pillar
    /// What of Salt's states it is given.
    case top
}
