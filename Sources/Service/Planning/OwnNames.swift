import OrderedCollections
import Tree

/// What a machine is called. Where its values hold that, they are told by the reference that leads to it, so that the
/// same change of a thousand machines is one.
///
/// Names that are a single word are left alone: they may stand in a value by chance.
struct OwnNames {
    private let names: [(name: [UInt8], reference: [UInt8])]

    init(path: Path, certname: String) {
        let known = [
            (certname, "${{ self.certname }}"), (path.segments.count > 1 ? "\(path)" : "", "${{ self.path }}"),
        ]
        names = known.filter { $0.0.utf8.dropFirst().contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") } }
            .map { (Array($0.0.utf8), Array($0.1.utf8)) }
    }

    /// The value with references in place of the names. A text that has a reference's mark already is left as it is.
    func hidden(in value: Value) -> Value {
        switch value {
        case .string(let text): .string(hidden(in: text))
        case .list(let elements): .list(elements.map { hidden(in: $0) })
        case .map(let map): .map(map.mapValues { hidden(in: $0) })
        case .null, .bool, .integer, .float: value
        }
    }

    private func hidden(in text: String) -> String {
        var bytes = Array(text.utf8)
        guard !Reference.isHeld(by: text) else { return text }
        var isChanged = false
        for (name, reference) in names where bytes.count >= name.count {
            var index = 0
            while index + name.count <= bytes.count {
                let end = index + name.count
                guard bytes[index] == name[0], bytes[index..<end].elementsEqual(name), isAlone(bytes, index..<end)
                else {
                    index += 1
                    continue
                }
                bytes.replaceSubrange(index..<end, with: reference)
                index += reference.count
                isChanged = true
            }
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// Whether what stands there is no part of a longer name.
    private func isAlone(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        let neighbours = [
            range.lowerBound > 0 ? bytes[range.lowerBound - 1] : nil,
            range.upperBound < bytes.count ? bytes[range.upperBound] : nil,
        ]
        return neighbours.compactMap { $0 }.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                false
            default: true
            }
        }
    }
}

extension Difference {
    /// The difference with a machine's names, former and present, told by references.
    func hiding(_ former: OwnNames?, _ present: OwnNames?) -> Difference {
        Difference(
            key: key, before: before.map { former?.hidden(in: $0) ?? $0 },
            after: after.map { present?.hidden(in: $0) ?? $0 }, isOrder: isOrder)
    }
}
