extension String {
    /// Whether `first` stands directly before one of `seconds`, all of them ASCII.
    ///
    /// Bytes are compared, not characters: to Swift a brace and the combining mark after it are one character, which
    /// is no brace; to Ruby and Python they are two.
    func holds(_ first: Unicode.Scalar, before seconds: Unicode.Scalar...) -> Bool {
        zip(utf8, utf8.dropFirst()).contains { one, two in
            one == UInt8(ascii: first) && seconds.contains { two == UInt8(ascii: $0) }
        }
    }
}
