import OrderedCollections
import Tree

/// Why a login was not granted, as RFC 6749 §5.2 has it. No message tells whether there is such a user.
struct LoginError: Error {
    let error: String
    let description: String
    var status = 400
    var retryAfter: Int?

    init(_ error: String, _ description: String, status: Int = 400, retryAfter: Int? = nil) {
        self.error = error
        self.description = description
        self.status = status
        self.retryAfter = retryAfter
    }

    static let refused = LoginError("invalid_grant", "the name or the password is wrong")

    init(_ error: ServiceError) {
        switch error {
        case .unauthenticated:
            self = .refused
        default:
            let document = error.document
            self.init(
                "temporarily_unavailable", document.detail, status: document.status, retryAfter: document.retryAfter)
        }
    }

    var document: Map { ["error": .string(error), "error_description": .string(description)] }

    var headers: [(name: String, value: String)] { retryAfter.map { [("Retry-After", String($0))] } ?? [] }
}
