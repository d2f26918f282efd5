/// What both formats say of numbers that a value cannot hold.
enum Numbers {
    static func integerMessage(_ text: String) -> String {
        "the integer \(text) is out of range; expected one from \(Int.min) to \(Int.max), or a string in quotes"
    }

    static func floatMessage(_ text: String) -> String {
        "the float \(text) is out of range; expected at most \(Double.greatestFiniteMagnitude), or a string in quotes"
    }
}
