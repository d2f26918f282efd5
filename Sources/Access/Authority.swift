/// Where a principal's rights come from, before its bounds narrow them.
public enum Authority: Hashable, Sendable {
    /// Everything is allowed, server-wide.
    case superuser
    /// What `access` in the tree grants to the principal's name and to these groups.
    case granted(groups: Set<String>)
    /// A machine, which may read the documents made for it, and nothing else: its name is its certname.
    case machine
}
