/// The keys that definitions are made of at their top level, which ``Packed`` writes as numbers.
enum PackedKey {
    static let names = Schema.classes.keys.sorted()
    static let numbers = Dictionary(uniqueKeysWithValues: zip(names, 0...))
}
