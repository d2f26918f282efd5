/// Finds what somebody probably meant.
public enum Spelling {
    /// The word nearest to `word`, if it is near enough to be a slip: at most a third of the letters differ, or one of few.
    public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let letters = Array(word.utf8.prefix(64))
        let candidates = words.map { candidate in
            let other = Array(candidate.utf8.prefix(64))
            return (word: candidate, length: other.count, distance: distance(letters, other))
        }
        guard let best = candidates.min(by: { $0.distance < $1.distance }) else { return nil }
        let isNear = best.distance <= max(1, max(letters.count, best.length) / 3) && best.distance < letters.count
        return isNear ? best.word : nil
    }

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
