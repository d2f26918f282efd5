import Cascade
import Formats
import OrderedCollections
import Tree
import Views

/// Writes the variables of hosts as JSON, as ``Ansible/variables(_:_:of:)`` has them: what one host has from folders
/// above it as the host before has it is not made again, but copied.
struct HostvarsText: Sendable {
    /// A variable as it was written, with its name.
    private struct Piece {
        let field: Fused
        let bytes: [UInt8]
    }

    private let which: Ansible.Variables
    /// What was written last in each place among a definition's `vars`.
    private var pieces: [Piece?] = []
    /// What of the definition, besides the value itself, decides how it is written.
    private var templates: Value?

    init(_ which: Ansible.Variables) {
        self.which = which
    }

    /// Writes the variables of a host after what `bytes` holds.
    mutating func append(_ subject: Subject, to bytes: inout [UInt8]) {
        guard which == .all, let vars = subject.computed.origin(of: ["vars"]), case .map(let fields) = vars.content,
            let variables = subject.computed.definition["vars"]?.map, variables.count == fields.count
        else {
            JSON.append(.map(Ansible.variables(subject, which)), to: &bytes)
            return
        }
        let templates = subject.computed.definition["ansible"]?.map?["templates"]
        if templates != self.templates { pieces = [] }
        self.templates = templates
        if pieces.count < fields.count { pieces += repeatElement(nil, count: fields.count - pieces.count) }

        var own: Map = [:]
        for (place, field) in fields.values.enumerated() where pieces[place]?.field !== field {
            own[fields.keys[place]] = variables.values[place]
        }
        // These stand in the order of the definition, before all others.
        let rest = Ansible.variables(subject, .all, of: own).elements
        var next = 0
        bytes.append(UInt8(ascii: "{"))
        for (place, field) in fields.values.enumerated() {
            if let piece = pieces[place], piece.field === field {
                bytes += piece.bytes
                continue
            }
            let name = fields.keys[place]
            guard next < rest.count, rest[next].key == name else { continue }
            let start = bytes.count
            append(name, rest[next].value, to: &bytes)
            next += 1
            if field.isShareable(as: name) { pieces[place] = Piece(field: field, bytes: Array(bytes[start...])) }
        }
        for (name, value) in rest[next...] { append(name, value, to: &bytes) }
        if bytes.last == UInt8(ascii: ",") { bytes.removeLast() }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Writes a variable and a comma.
    private func append(_ name: String, _ value: Value, to bytes: inout [UInt8]) {
        JSON.append(key: name, to: &bytes)
        JSON.append(value, to: &bytes)
        bytes.append(UInt8(ascii: ","))
    }
}

extension Fused {
    /// Whether others may have the same value, and it is all that decides how it is written: not so of a value that
    /// references make, nor where what Ansible is told of its connection may take its place.
    fileprivate func isShareable(as name: String) -> Bool {
        layer.source.isCommon && !holdsReference && !name.hasPrefix("ansible_")
    }
}
