/// Finds what somebody probably meant.
public enum Spelling {
    /// The word nearest to `word`, if it is near enough to be a slip: at most a third of the letters differ, or one of few.
    public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let letters = Array(word.utf8.prefix(longest))
        var best: (word: String, distance: Int)?
        for candidate in words {
            let length = min(candidate.utf8.count, longest)
            // As many letters differ as one of the two is longer, so that most words need not be compared.
            let limit = min(max(1, max(letters.count, length) / 3), letters.count - 1, (best?.distance ?? .max) - 1)
            guard abs(letters.count - length) <= limit else { continue }
            let distance = distance(letters, Array(candidate.utf8.prefix(longest)))
            if distance <= limit { best = (candidate, distance) }
        }
        return best?.word
    }

    /// The key nearest to `key`, as ``nearest(to:among:)`` finds it.
    public static func nearest(to key: Key, among keys: some Sequence<Key>) -> Key? {
        nearest(to: key.text, among: keys.lazy.map(\.text)).map { Key($0) }
    }

    /// How many bytes of a word are looked at.
    private static let longest = 64

    /// The edit distance of Levenshtein, in which a swap of neighbours counts as one.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...other.count)
        for (row, letter) in one.enumerated() {
            var current = [row + 1]
            for (column, second) in other.enumerated() {
                var cost = min(
                    previous[column] + (letter == second ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == other[column - 1], one[row - 1] == second {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[other.count]
    }
}
