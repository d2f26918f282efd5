/// Which hypervisors the daemon may open: what its settings say, and nothing in the tree widens.
///
/// libvirt's client library runs programs and opens sockets and files that a URI names (`qemu+ext:///system?command=…`), as
/// the user that the daemon is. So who may write a URI could be whoever the daemon is, without a list of what is meant.
public struct Reach: Hashable, Sendable {
    /// URIs without parameters; `*` stands for any text in a host or a path. User and port are not looked at.
    public var uris: [String]
    /// The names of the parameters that a URI may have.
    public var parameters: Set<String>

    public init(uris: [String] = Reach.uris, parameters: Set<String> = Reach.parameters) {
        self.uris = uris
        self.parameters = parameters
    }

    /// What libvirt's daemons offer to those it lets in, and ESX. Not `session`, whose guests are the daemon's own user and
    /// read what it reads; of the test driver no file, whose content its errors quote.
    public static let uris = [
        "test:///default", "qemu://*/system", "qemu+unix:///system", "qemu+tls://*/system", "qemu+ssh://*/system",
        "esx://*/",
    ]

    /// Those that name no program, socket or file, and no further host.
    public static let parameters: Set<String> = [
        "auto_answer", "mode", "no_tty", "no_verify", "sshauth", "transporttype",
    ]

    /// Why a hypervisor of that URI may not be opened; nil: it may.
    public func objection(to text: String) -> String? {
        guard let uri = HypervisorURI(text) else {
            return "expected a libvirt connection URI such as qemu:///system, found \"\(text)\""
        }
        guard uris.contains(where: { Self.matches($0, uri) }) else {
            return
                "\"\(text)\" is not among the hypervisors that the daemon may open: \(uris.joined(separator: ", ")); who "
                + "runs the daemon can add it to hypervisors.uris of its settings"
        }
        guard let name = uri.parameters.first(where: { !parameters.contains($0) }) else { return nil }
        let known = parameters.isEmpty ? "none" : parameters.sorted().joined(separator: ", ")
        return
            "\"\(text)\": the parameter \(name) is not among those that the daemon may use: \(known); who runs the daemon "
            + "can add it to hypervisors.parameters of its settings"
    }

    private static func matches(_ pattern: String, _ uri: HypervisorURI) -> Bool {
        guard let colon = pattern.firstIndex(of: ":"), pattern[colon...].hasPrefix("://") else { return false }
        let rest = pattern[colon...].dropFirst("://".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let path = slash == rest.endIndex ? "/" : rest[slash...]
        return pattern[..<colon] == uri.scheme && fits(uri.host[...], rest[..<slash]) && fits(uri.path[...], path)
    }

    /// Whether a text fits a pattern in which `*` stands for any text.
    private static func fits(_ text: Substring, _ pattern: Substring) -> Bool {
        let pieces = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = pieces.first, let last = pieces.last, pieces.count > 1 else { return text == pattern }
        guard text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.firstRange(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.count >= last.count && rest.hasSuffix(last)
    }
}
