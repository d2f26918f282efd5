import Cascade
public import OrderedCollections
public import Tree

/// A tool that is told of machines, by the name of its view.
public enum Tool: String, Sendable, CaseIterable {
    case enc
    case hiera
    case ansible
    case pillar

    /// All that the tool is told of a machine.
    public func document(_ subject: Subject) -> Map {
        switch self {
        case .enc: ENC.document(subject)
        case .hiera: Hiera.document(subject)
        case .ansible: Ansible.variables(subject)
        case .pillar: Pillar.document(subject)
        }
    }

    /// What the tool is not told, or told elsewhere, and why.
    public func omissions(_ subject: Subject) -> [Omission] {
        switch self {
        case .enc: ENC.omissions(subject)
        case .hiera: Hiera.omissions(subject)
        case .ansible: Ansible.omissions(subject)
        case .pillar: []
        }
    }

    /// What becomes of a definition's data in the tool's document: the variables, and the keys that are the tool's own.
    public func sights(_ subject: Subject) -> [Sight] {
        let document: Value? = .map(document(subject))
        let definition: Value? = .map(subject.computed.definition)
        // A sight's key is one or two keys long.
        let omissions = Dictionary(grouping: omissions(subject)) { DottedPath(keys: Array($0.key.keys.prefix(2))) }
        return places(subject).map { key, place in
            let value = place.flatMap { $0.keys.reduce(document) { value, name in value?.map?[name] } }
            let written = key.keys.reduce(definition) { value, name in value?.map?[name] }
            var reasons = omissions[key] ?? []
            if reasons.isEmpty, value != written, let change = change(subject) { reasons = [Omission(key, change)] }
            return Sight(key: key, place: value == nil ? nil : place, value: value, reasons: reasons)
        }
    }

    private typealias Candidate = (key: DottedPath, place: DottedPath?)

    /// Where in the document each key is to be looked for.
    private func places(_ subject: Subject) -> [Candidate] {
        let variables = subject.variables.keys
        switch self {
        case .enc:
            return variables.map { (["vars", $0], ["parameters", $0]) }
                + own(subject, "puppet", ["classes", "environment"]) { [$0] }
        case .hiera:
            return variables.map { (["vars", $0], Hiera.own.contains($0) ? nil : [$0]) }
                + own(subject, "puppet", ["lookup_options"]) { [$0] }
        case .ansible:
            return Ansible.places(subject).map { (["vars", $0.name], $0.place) }
                + own(subject, "ansible", subject["ansible"].keys.filter(Ansible.isConnection)) { ["ansible_\($0)"] }
        case .pillar:
            return variables.map { (["vars", $0], [$0]) }
        }
    }

    private func own(
        _ subject: Subject, _ map: Key, _ names: [Key], _ place: (Key) -> DottedPath
    ) -> [Candidate] {
        names.filter { subject[map][$0] != nil }.map { ([map, $0], place($0)) }
    }

    /// Why a value that is neither left out nor elsewhere is written otherwise than in the definition.
    private func change(_ subject: Subject) -> String? {
        switch self {
        case .enc:
            return subject["puppet"]["classes"]?.list == nil
                ? "a class without parameters is sent with an empty map"
                : "a list of classes is sent as a map, without parameters"
        case .hiera:
            let passage = passage(Hiera.licence(subject), "puppet.interpolate")
            return "each %{ is escaped, or Puppet would interpolate it; \(passage)"
        case .ansible:
            let licence = Licence(["ansible", "templates"], in: subject.computed)
            return "sent as text that Ansible does not run as code; \(passage(licence, "ansible.templates"))"
        case .pillar:
            return nil
        }
    }

    /// What would let a value through that is not.
    private func passage(_ licence: Licence?, _ flag: String) -> String {
        guard let giver = licence?.giver else { return "\(flag): true lets it through" }
        return "\(flag), from \(giver), lets through only what is said there or above"
    }
}

/// What a tool sees of one key of a definition.
public struct Sight: Sendable, Hashable {
    /// The key in the definition: a variable, or one of the tool's own keys.
    public let key: DottedPath
    /// Where it stands in the tool's document; nil if it is left out.
    public let place: DottedPath?
    /// What stands there.
    public let value: Value?
    /// Why it is left out, elsewhere or written otherwise, or what within it is; empty if it is as in the definition.
    public let reasons: [Omission]
}
