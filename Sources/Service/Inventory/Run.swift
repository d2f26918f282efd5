import Cascade
import Formats
import OrderedCollections
import Tree
import Views

/// Variables that a folder hands down one after the other, as members of a JSON object, with a comma after each.
struct Run: Sendable {
    /// Where they stand among all that it hands down.
    let places: Range<Int>
    private(set) var bytes: [UInt8] = []
    /// Where each of them ends.
    private var ends: [Int] = []

    /// - Parameter level: the hosts' ``Ansible/codeLevel(_:)``.
    init(_ places: Range<Int>, of fields: Fused.Fields, codeLevel level: Int?) {
        self.places = places
        for place in places {
            bytes += Run.text(fields.keys[place], fields.values[place], level)
            ends.append(bytes.count)
        }
    }

    /// The run with the variables of these names as they are handed down now.
    func replacing(_ names: [Key], by fields: Fused.Fields, codeLevel level: Int?) -> Run {
        var run = self
        for name in names {
            guard let place = fields.index(forKey: name), places.contains(place) else { continue }
            let number = place - places.lowerBound
            let start = number == 0 ? 0 : run.ends[number - 1]
            let text = Run.text(name, fields.values[place], level)
            let growth = text.count - (run.ends[number] - start)
            run.bytes.replaceSubrange(start..<run.ends[number], with: text)
            for later in number..<run.ends.count { run.ends[later] += growth }
        }
        return run
    }

    private static func text(_ name: Key, _ field: Fused, _ level: Int?) -> [UInt8] {
        var bytes: [UInt8] = []
        guard Ansible.isPlain(name) else { return bytes }
        JSON.append(key: name.text, to: &bytes)
        JSON.append(Ansible.variable(field, codeLevel: level), to: &bytes)
        bytes.append(UInt8(ascii: ","))
        return bytes
    }
}
