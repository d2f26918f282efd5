import Foundation

/// The seed of a run: `HEADWATER_SEED`, or another one each time.
let seed = ProcessInfo.processInfo.environment["HEADWATER_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)

/// SplitMix64: the same numbers from the same seed.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
