import Cascade
import Formats
import OrderedCollections
import Tree
import Views

/// Writes a page, host by host: the variables as ``Ansible/variables(_:_:of:)`` has them.
struct PageWriter {
    /// A variable as it was written for a host, with its name.
    private struct Piece {
        let field: Fused
        let bytes: [UInt8]
    }

    private let sources: Page.Sources
    /// The variables that the folder hands down.
    private let handed: Fused.Fields
    /// The ``Ansible/codeLevel(_:)`` of the first host; one that has another shares nothing.
    private var codeLevel: Int??
    /// Which of the variables handed down a host can share, and which all so far do.
    private var canBeShared: [Bool] = []
    private var areShared: [Bool] = []
    /// Whether a host was written that shares nothing.
    private var isMixed = false
    private var own = Page.Own()
    private var hosts: [Inventory.Host] = []
    private var omitted: [String] = []
    private var runs: [Run] = []
    /// What was written last for each place among a host's `vars`.
    private var pieces: [Piece?] = []

    init(_ sources: Page.Sources) {
        self.sources = sources
        handed = sources.inheritance.variables
    }

    /// What was written.
    ///
    /// - Parameter former: who the hosts were, to be shared if they are the same.
    consuming func page(_ former: Roll?) -> Page {
        let shared = isMixed ? nil : Set(zip(handed.keys, areShared).filter(\.1).map(\.0))
        return Page(
            sources, former.flatMap { $0.lists(hosts, omitted) ? $0 : nil } ?? Roll(hosts, omitted: omitted), own,
            Page.Shared(variables: shared, codeLevel: codeLevel ?? nil, runs: runs))
    }

    /// Leaves out a machine whose definition is broken.
    mutating func omit(_ certname: String) {
        omitted.append(certname)
    }

    /// Writes a host.
    mutating func append(_ entry: Entry, _ subject: Subject) {
        let host = Inventory.Host(subject)
        hosts.append(hosts.last.map { host.sharing($0) } ?? host)
        own.revisions.append(entry.revision)
        join(.host)
        JSON.append(string: subject.computed.certname, to: &own.bytes)
        join(.variables)
        let level = Ansible.codeLevel(subject)
        beginSharing(level)
        if sources.which == .all, codeLevel == .some(level), let fields = subject.fields {
            append(subject, fields)
        } else {
            isMixed = true
            JSON.append(.map(Ansible.variables(subject, sources.which)), to: &own.bytes)
        }
        join(.end)
    }

    private mutating func beginSharing(_ level: Int?) {
        guard codeLevel == nil else { return }
        codeLevel = .some(level)
        canBeShared = handed.map { name, field in !field.holdsReference && Ansible.isPlain(name) }
        areShared = canBeShared
    }

    private mutating func append(_ subject: Subject, _ fields: Fused.Fields) {
        let variables = subject.computed.definition["vars"]?.map ?? [:]
        if pieces.count < fields.count { pieces += repeatElement(nil, count: fields.count - pieces.count) }
        for place in areShared.indices where !isShared(place, fields) { areShared[place] = false }
        var different: Map = [:]
        for (place, field) in fields.values.enumerated() where !isShared(place, fields) && piece(place, field) == nil {
            different[fields.keys[place]] = variables.values[place]
        }
        // These stand in the order of the definition, before all others; `headwater` is the last.
        var rest = Ansible.variables(subject, .all, of: different).elements[...]

        own.bytes.append(UInt8(ascii: "{"))
        var place = 0
        while place < fields.count {
            if isShared(place, fields) {
                let start = place
                while isShared(place, fields) { place += 1 }
                join(.run(run(start..<place)))
                continue
            }
            let field = fields.values[place]
            if let piece = piece(place, field) {
                own.bytes += piece.bytes
            } else if let (name, value) = rest.first, name == fields.keys[place] {
                let start = own.bytes.count
                append(name, value)
                if field.isShareable(as: name) {
                    pieces[place] = Piece(field: field, bytes: Array(own.bytes[start...]))
                }
                rest.removeFirst()
            }
            place += 1
        }
        for (name, value) in rest.dropLast() { append(name, value) }
        if let (name, value) = rest.last { appendLast(name, value) }
        own.bytes.append(UInt8(ascii: "}"))
    }

    /// Whether a host has what stands at a place of the definition's `vars` as the folder hands it down.
    private func isShared(_ place: Int, _ fields: Fused.Fields) -> Bool {
        place < canBeShared.count && place < fields.count && canBeShared[place]
            && fields.values[place] === handed.values[place]
    }

    /// What was written of a host before, if this one has the same.
    private func piece(_ place: Int, _ field: Fused) -> Piece? {
        pieces[place].flatMap { $0.field === field ? $0 : nil }
    }

    /// The number of a run; it is written if there is none yet.
    private mutating func run(_ places: Range<Int>) -> Int {
        if let known = runs.firstIndex(where: { $0.places == places }) { return known }
        runs.append(Run(places, of: handed, codeLevel: codeLevel ?? nil))
        return runs.count - 1
    }

    /// Writes a variable and a comma.
    private mutating func append(_ name: Key, _ value: Value) {
        JSON.append(key: name.text, to: &own.bytes)
        JSON.append(value, to: &own.bytes)
        own.bytes.append(UInt8(ascii: ","))
    }

    /// Writes `headwater`, in which the revision is what a change above alters.
    private mutating func appendLast(_ name: Key, _ value: Value) {
        JSON.append(key: name.text, to: &own.bytes)
        own.bytes.append(UInt8(ascii: "{"))
        for (key, value) in value.map ?? [:] {
            if key == "revision" {
                JSON.append(key: key.text, to: &own.bytes)
                join(.revision)
                own.bytes.append(UInt8(ascii: ","))
            } else {
                append(key, value)
            }
        }
        if own.bytes.last == UInt8(ascii: ",") { own.bytes.removeLast() }
        own.bytes.append(UInt8(ascii: "}"))
    }

    private mutating func join(_ next: Page.Next) {
        own.joints.append(Page.Joint(end: own.bytes.count, next: next))
    }
}

extension Subject {
    /// What the variables of the definition were fused of; nil if some are missing there, or one bears the name of what is
    /// added to them.
    fileprivate var fields: Fused.Fields? {
        guard case .map(let fields)? = computed.fields["vars"]?.content,
            computed.definition["vars"]?.map?.count == fields.count, fields["headwater"] == nil
        else { return nil }
        return fields
    }
}

extension Fused {
    /// Whether others may have the same value, and it is all that decides how it is written: not so of a value that
    /// references make, nor where what Ansible is told of its connection may take its place.
    fileprivate func isShareable(as name: Key) -> Bool {
        layer.source.isCommon && !holdsReference && !name.hasPrefix("ansible_")
    }
}
