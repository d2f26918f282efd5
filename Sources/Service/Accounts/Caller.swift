import Access
import Synchronization

/// Who asks, and how that is known.
final class Caller: Sendable {
    /// Differs between any two.
    let number = Caller.made.add(1, ordering: .relaxed).newValue
    let principal: Principal
    /// What lets him in; nil where anybody may call, and for a certificate, which its connection proves.
    let proof: Proof?
    /// For how long nobody needs to look whether that still lets him in; nil: for this request only.
    let term: Term?

    /// A time in which nothing changes of what is known of people.
    struct Term: Sendable {
        /// As of which change of the directory.
        let generation: Int
        /// In milliseconds since 1970.
        let end: Int

        /// Whether it goes on, as of a change of the directory and a time.
        func isOn(_ generation: Int, now: Int) -> Bool {
            self.generation == generation && now < end
        }
    }

    init(_ principal: Principal, by proof: Proof?, _ term: Term? = nil) {
        self.principal = principal
        self.proof = proof
        self.term = term
    }

    static let anybody = Caller(Principal(name: "anybody", .granted(groups: [])), by: nil)

    private static let made = Atomic(0)
}
