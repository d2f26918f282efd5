import Glibc

/// The words of the command line.
enum Arguments {
    /// Refuses words that are no UTF-8 (RFC 3629): Swift hands them on repaired, and something else than was typed would be
    /// written.
    static func check() throws(Failure) {
        for index in 1..<max(Int(CommandLine.argc), 1) {
            guard let word = CommandLine.unsafeArgv[index] else { return }
            try check(UnsafeRawBufferPointer(start: word, count: strlen(word)), index)
        }
    }

    /// - Parameter index: which word it is, from 1.
    static func check(_ word: some Collection<UInt8>, _ index: Int) throws(Failure) {
        var parser = Unicode.UTF8.ForwardParser()
        var bytes = word.makeIterator()
        var valid = ""
        while true {
            switch parser.parseScalar(from: &bytes) {
            case .valid(let scalar): valid.unicodeScalars.append(Unicode.UTF8.decode(scalar))
            case .emptyInput: return
            case .error:
                let byte = word.dropFirst(valid.utf8.count).first.map { String($0, radix: 16, uppercase: true) } ?? ""
                throw Failure(
                    "argument \(index), position \(valid.unicodeScalars.count + 1): byte 0x\(byte) is not valid UTF-8; "
                        + "expected text in UTF-8",
                    details: valid.isEmpty ? [] : ["after \"\(valid)\""], status: Failure.usage)
            }
        }
    }
}
