import Foundation

/// Random numbers that come again with their seed (SplitMix64: Steele, Lea, Flood 2014).
///
/// Its description belongs in the message of every expectation that leans on it: it says how to see the failure again.
public struct Seeded: RandomNumberGenerator, Sendable, CustomStringConvertible {
    public let seed: UInt64
    private var state: UInt64

    /// With the seed in `HEADWATER_SEED`, else with one that differs from run to run.
    public init() {
        self.init(seed: Seeded.ofThisRun)
    }

    public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    private static let ofThisRun =
        ProcessInfo.processInfo.environment["HEADWATER_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    public var description: String { "HEADWATER_SEED=\(seed)" }
}
