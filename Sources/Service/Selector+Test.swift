import OrderedCollections
import Tree

extension Selector {
    /// What a requirement asks of the value at its key.
    enum Test: Sendable {
        case exists
        case isAbsent
        case isIn([String])
        case isNotIn([String])
        /// The segments of a pattern.
        case matches([Substring])

        func verdict(on finding: Finding) -> Verdict {
            switch finding {
            case .value(let value): holds(of: value) ? .yes : .no
            case .nothing: holds(of: nil) ? .yes : .no
            case .unknown: .unknown
            }
        }

        /// - Parameter value: nil if there is none.
        private func holds(of value: Value?) -> Bool {
            switch self {
            case .exists: value != nil
            case .isAbsent: value == nil
            case .isIn(let texts): value?.isAny(of: texts) ?? false
            case .isNotIn(let texts): !(value?.isAny(of: texts) ?? false)
            case .matches(let pattern):
                value?.string.map { Test.matches(Selector.segments($0)[...], pattern[...]) } ?? false
            }
        }

        private static func matches(_ path: ArraySlice<Substring>, _ pattern: ArraySlice<Substring>) -> Bool {
            guard let first = pattern.first else { return path.isEmpty }
            if first == "**" {
                // Several in a row mean no more than one, and would take exponential time.
                let rest = pattern.drop { $0 == "**" }
                return (path.startIndex...path.endIndex).contains { matches(path[$0...], rest) }
            }
            guard let segment = path.first, first == "*" || first.utf8.elementsEqual(segment.utf8) else { return false }
            return matches(path.dropFirst(), pattern.dropFirst())
        }
    }

    static func segments(_ path: String) -> [Substring] {
        path.split(separator: "/")
    }
}

extension Value {
    /// Whether the text of this scalar, or of an element of this list, is one of these.
    fileprivate func isAny(of texts: [String]) -> Bool {
        switch self {
        case .null: texts.contains("null")
        case .bool(let truth): texts.contains(String(truth))
        case .integer(let number): texts.contains(String(number))
        case .float(let number): texts.contains(String(number))
        case .string(let text): texts.contains { $0.hasBytes(of: text) }
        case .list(let elements): elements.contains { $0.isAny(of: texts) }
        case .map: false
        }
    }
}
