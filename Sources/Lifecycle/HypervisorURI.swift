/// A connection URI of libvirt in its parts (libvirt.org/uri.html; RFC 3986).
///
/// It reads less than libvirt does, on purpose: what is judged here is to mean the same there.
struct HypervisorURI: Hashable, Sendable {
    /// The driver and, after a plus, the transport: `qemu+ssh`.
    let scheme: String
    /// Without user and port; empty for this host.
    let host: String
    /// `/` if there is none.
    let path: String
    /// The names of the parameters, in lower case, as libvirt compares them.
    let parameters: [String]

    /// Nil for what is no URI, or one that says something in an unusual way: with escapes or spaces before the parameters, or
    /// with a fragment.
    init?(_ text: String) {
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), !text.contains("#") else { return nil }
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let place = halves.first, let colon = place.firstIndex(of: ":"), place[colon...].hasPrefix("://") else {
            return nil
        }
        scheme = String(place[..<colon])
        let rest = place[colon...].dropFirst("://".count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        path = slash == rest.endIndex ? "/" : String(rest[slash...])
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isPlain || $0 == "+" }), path.allSatisfy(\.isOfPath),
            let host = Self.host(rest[..<slash])
        else { return nil }
        self.host = host
        var parameters: [String] = []
        for parameter in halves.dropFirst().joined().split(whereSeparator: { "&;".contains($0) }) {
            let name = parameter.prefix { $0 != "=" }
            guard !name.isEmpty, name.allSatisfy(\.isPlain) else { return nil }
            parameters.append(name.lowercased())
        }
        self.parameters = parameters
    }

    /// `kvm1` of `ana@kvm1:22`. A user and a host are words of a command line where ssh is the transport: neither may look
    /// like an option.
    private static func host(_ authority: Substring) -> String? {
        var rest = authority
        if let at = rest.lastIndex(of: "@") {
            let user = rest[..<at]
            guard let first = user.first, first.isPlain, first != "-", user.allSatisfy(\.isPlain) else { return nil }
            rest = rest[rest.index(after: at)...]
        }
        if rest.first == "[", let end = rest.firstIndex(of: "]") {
            let (address, port) = (rest[rest.startIndex...end], rest[rest.index(after: end)...])
            guard address.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || ".:".contains($0) }), isPort(port) else {
                return nil
            }
            return address.lowercased()
        }
        let host = rest.prefix { $0 != ":" }
        guard host.first != "-", host.allSatisfy(\.isPlain), isPort(rest[host.endIndex...]) else { return nil }
        return host.lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || text.first == ":" && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
    }
}

extension Character {
    fileprivate var isPlain: Bool { isASCII && (isLetter || isNumber || "-._".contains(self)) }
    fileprivate var isOfPath: Bool { isPlain || self == "/" }
}
