import Cascade
import OrderedCollections
public import Tree

extension Ansible {
    /// The groups that list a host: its folder's, that of its state, that of its hypervisor, those of `ansible.groups`.
    ///
    /// A machine directly in `/` has no folder's group: it would be `all`.
    public static func groups(of subject: Subject) -> [String] {
        groups(
            of: subject.computed.path, state: subject.facts.state, hypervisor: subject.hypervisor,
            listed: listed(subject))
    }

    /// The same of a machine that this is known of.
    ///
    /// - Parameters:
    ///   - hypervisor: the one that the machine is on, or else the one that its definition places it on.
    ///   - listed: the groups that its `ansible.groups` names.
    public static func groups(of path: Path, state: String, hypervisor: String?, listed: [String]) -> [String] {
        var groups: [String] = []
        if let folder = path.parent, !folder.isRoot { groups.append(groupName(of: folder)) }
        groups.append(groupName(ofState: state))
        if let hypervisor { groups.append(groupName(ofHypervisor: hypervisor)) }
        for group in listed where !groups.contains(group) { groups.append(group) }
        return groups
    }

    /// The groups that a definition's `ansible.groups` names.
    public static func listed(_ subject: Subject) -> [String] {
        (subject["ansible"]["groups"]?.list ?? []).compactMap(\.string)
    }

    /// The group of a folder: its segments joined by `__`, `-` written `_`, with `_` before a leading digit;
    /// `all` for the root.
    public static func groupName(of folder: Path) -> String {
        guard !folder.isRoot else { return "all" }
        let name = word(folder.segments.joined(separator: "__"))
        return name.utf8.first.map(Identifier.isDigit) == true ? "_" + name : name
    }

    /// `state_running`.
    public static func groupName(ofState state: String) -> String { "state_" + word(state) }

    /// `hypervisor_lab_1`.
    public static func groupName(ofHypervisor name: String) -> String { "hypervisor_" + word(name) }

    /// The text with `_` for each character that no group's name may hold, of which its first byte is the sign.
    private static func word(_ text: String) -> String {
        let bytes = text.utf8.lazy.filter { !UTF8.isContinuation($0) }
        return String(decoding: bytes.map { Identifier.isWord($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }
}
