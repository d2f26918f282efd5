/// Reading of texts in which quotes and parentheses hold things together.
extension StringProtocol {
    /// The parts between separators that stand in neither parentheses nor quotes; nil if one of these is not closed.
    func split(atEach separator: Character) -> [String]? {
        var parts: [String] = []
        var part = ""
        var depth = 0
        var isQuoted = false
        for character in self {
            switch character {
            case "\"": isQuoted.toggle()
            case "(" where !isQuoted: depth += 1
            case ")" where !isQuoted: depth -= 1
            case separator where !isQuoted && depth == 0:
                parts.append(part)
                part = ""
                continue
            default: break
            }
            guard depth >= 0 else { return nil }
            part.append(character)
        }
        return depth == 0 && !isQuoted ? parts + [part] : nil
    }

    func firstIndexOutsideQuotes(where test: (Character) -> Bool) -> Index? {
        var isQuoted = false
        return firstIndex { character in
            if character == "\"" { isQuoted.toggle() }
            return !isQuoted && test(character)
        }
    }

    /// Without white space at both ends.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Without the quotes around it, if it has them.
    var unquoted: String {
        hasPrefix("\"") && hasSuffix("\"") && count > 1 ? String(dropFirst().dropLast()) : String(self)
    }
}
