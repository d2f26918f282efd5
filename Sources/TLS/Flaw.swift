/// Why a certificate's text cannot be taken as a name.
struct Flaw: Error, Hashable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
