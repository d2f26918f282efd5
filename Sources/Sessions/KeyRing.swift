import Foundation
import Secrets

/// The keys of an installation. The first one signs.
public struct KeyRing: Codable, Hashable, Sendable {
    private(set) var keys: [SessionKey]

    /// How long a key signs before the next one is made, in seconds: 30 days.
    static let age = 30 * 86_400
    /// How long a session may last at the most, in seconds: a day. For so long a key that signs no more is kept.
    public static let longestSession = 86_400

    /// A ring with one new key.
    ///
    /// - Parameter now: in seconds since 1970-01-01T00:00:00Z.
    public init(now: Int) throws {
        keys = [try KeyRing.key(now)]
    }

    /// How many keys there are, with the one that signs.
    public var count: Int { keys.count }

    /// The name of the key that signs.
    public var current: String { keys.first?.kid ?? "" }

    /// Whether there is a key that signs, and every key is one of ours.
    var isSound: Bool { signingKey != nil && keys.allSatisfy(\.isSound) }

    /// The half that signs of the key that signs.
    var signingKey: SigningKey? { keys.first?.signingKey }

    /// The key of that name.
    func key(_ kid: String) -> SessionKey? { keys.first { $0.kid == kid } }

    /// Whether the key that signs has signed for long enough.
    func isDue(_ now: Int) -> Bool {
        guard let key = keys.first else { return true }
        return now > key.created && now - key.created >= KeyRing.age
    }

    /// The ring with a new key that signs. The others verify what they signed until that has ended.
    ///
    /// - Parameter keeping: whether to keep the others; without them every session ends.
    public func rotated(now: Int, keeping: Bool = true) throws -> KeyRing {
        var ring = self
        let old = keeping ? keys.map { $0.retired(at: now) } : []
        let kept = old.filter { key in now - (key.retired ?? now) <= KeyRing.longestSession }
        ring.keys = [try KeyRing.key(now)] + kept
        return ring
    }

    private static func key(_ now: Int) throws -> SessionKey {
        SessionKey(try SigningKey(), kid: UUID().uuidString.lowercased(), created: now)
    }
}
