/// The forms that strings of the schema have.
enum Form {
    /// A name within a definition: letters and digits, and after the first of them dots, hyphens and underscores.
    static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first) || isDigit(first) else { return false }
        return matches(text, 1...63) { isLetter($0) || isDigit($0) || $0 == "_" || $0 == "-" || $0 == "." }
    }

    /// `[A-Za-z_][A-Za-z0-9_]*`: what Python, and so Ansible, takes for a variable.
    static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, isLetter(first) || first == "_" else { return false }
        return matches(text, 1...255) { isLetter($0) || isDigit($0) || $0 == "_" }
    }

    static func isAnsibleGroup(_ text: String) -> Bool {
        isIdentifier(text) && text != "all" && text != "ungrouped"
    }

    /// `\A[a-z][a-z0-9_]*(::[a-z][a-z0-9_]*)*\Z` (Puppet language: reserved words and acceptable names).
    static func isPuppetClass(_ text: String) -> Bool {
        var rest = Substring(text).unicodeScalars
        repeat {
            guard let first = rest.popFirst(), isLower(first) else { return false }
            rest = rest.drop { isLower($0) || isDigit($0) || $0 == "_" }
            if rest.isEmpty { return true }
        } while rest.popFirst() == ":" && rest.popFirst() == ":"
        return false
    }

    /// `\A[a-z0-9_]+\Z` (Puppet's documentation of environments).
    static func isPuppetEnvironment(_ text: String) -> Bool {
        matches(text, 1...255) { isLower($0) || isDigit($0) || $0 == "_" }
    }

    /// Labels of lower-case letters, digits, hyphens and underscores, joined by dots; at most 255 characters.
    static func isCertname(_ text: String) -> Bool {
        text.utf8.count <= 255
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                guard label.first != "-", label.last != "-" else { return false }
                return matches(String(label), 1...63) { isLower($0) || isDigit($0) || $0 == "-" || $0 == "_" }
            }
    }

    static func isDomain(_ text: String) -> Bool {
        text.utf8.count <= 255
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { Path.isLabel(String($0)) }
    }

    /// Six octets in hexadecimal, joined by colons, of which the first is even: a unicast address (IEEE 802).
    static func isMAC(_ text: String) -> Bool {
        let octets = text.split(separator: ":", omittingEmptySubsequences: false)
        guard octets.count == 6, octets.allSatisfy({ $0.utf8.count == 2 && isHex($0) }) else { return false }
        return UInt8(octets[0], radix: 16).map { $0 & 1 == 0 } ?? false
    }

    /// Four octets in decimal (RFC 791), a prefix length allowed (RFC 4632).
    static func isIPv4(_ text: String) -> Bool {
        isAddress(text, longestPrefix: 32, isDottedQuad)
    }

    private static func isDottedQuad(_ text: Substring) -> Bool {
        var rest = text.utf8
        for number in 1...4 {
            let octet = rest.prefix { $0 != UInt8(ascii: ".") }
            rest = rest[octet.endIndex...]
            guard isDecimal(octet, upTo: 255), (rest.popFirst() == nil) == (number == 4) else { return false }
        }
        return true
    }

    /// The text forms of RFC 4291 §2.2, a prefix length allowed.
    static func isIPv6(_ text: String) -> Bool {
        isAddress(text, longestPrefix: 128) { address in
            let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
            guard let head = halves.first, let before = groups(head) else { return false }
            guard halves.count == 2, let tail = halves.last else { return before == 8 }
            guard !head.contains("."), let after = groups(tail) else { return false }
            return before + after < 8
        }
    }

    /// How many groups of 16 bits the text holds, an IPv4 address at its end being two; nil if one is none.
    private static func groups(_ text: Substring) -> Int? {
        if text.isEmpty { return 0 }
        var groups = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = groups.count
        if let last = groups.last, last.contains(".") {
            guard isDottedQuad(last) else { return nil }
            groups.removeLast()
            count += 1
        }
        return groups.allSatisfy { (1...4).contains($0.utf8.count) && isHex($0) } ? count : nil
    }

    private static func isAddress(_ text: String, longestPrefix: Int, _ test: (Substring) -> Bool) -> Bool {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return test(text[...]) }
        return test(text[..<slash]) && isDecimal(text.utf8[slash...].dropFirst(), upTo: longestPrefix)
    }

    private static func isHex(_ text: Substring) -> Bool {
        text.unicodeScalars.allSatisfy { isDigit($0) || ("a"..."f").contains($0) || ("A"..."F").contains($0) }
    }

    private static func isDecimal(_ text: Substring.UTF8View, upTo limit: Int) -> Bool {
        let zero = UInt8(ascii: "0")
        guard (1...3).contains(text.count), text.allSatisfy({ (zero...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        return text.reduce(0) { $0 * 10 + Int($1 - zero) } <= limit && (text.count == 1 || text.first != zero)
    }

    static func isAbsolute(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.unicodeScalars.contains { $0.value < 0x20 }
    }

    static func isDottedPath(_ text: String) -> Bool {
        // A key of JSON cannot hold NUL, and what refers to one refers to nothing.
        !text.utf8.contains(0) && (try? DottedPath(text)) != nil
    }

    /// A user's name, or a group's after an `@`: printable, without white space.
    static func isPrincipal(_ text: String) -> Bool {
        let name = text.hasPrefix("@") ? text.dropFirst() : text[...]
        return (1...255).contains(name.utf8.count) && !name.hasPrefix("@")
            && name.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control
            }
    }

    static func isNumber(in range: ClosedRange<Double>) -> @Sendable (Value) -> Bool {
        { value in
            switch value {
            case .integer(let number): range.contains(Double(number))
            case .float(let number): range.contains(number)
            case .null, .bool, .string, .list, .map: false
            }
        }
    }

    private static func matches(_ text: String, _ length: ClosedRange<Int>, _ test: (Unicode.Scalar) -> Bool) -> Bool {
        length.contains(text.utf8.count) && text.unicodeScalars.allSatisfy(test)
    }

    private static func isLower(_ scalar: Unicode.Scalar) -> Bool { ("a"..."z").contains(scalar) }
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { isLower(scalar) || ("A"..."Z").contains(scalar) }
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
