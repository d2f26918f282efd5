import Access
import HTTP
import OrderedCollections
import Secrets
import Sessions
import Tree

/// The OAuth 2.0 password grant (RFC 6749 §4.3).
enum LoginRoutes {
    static let all: [ServiceRoute] = [
        .form(.post, "/oauth/token", .anybody, "a session for a name and a password, as OAuth 2.0 has it", begin)
    ]

    private static func begin(_ call: Call, _ form: Form?) async -> Response {
        do throws(LoginError) {
            let request = try LoginRequest(form)
            let proof: Proof
            do throws(ServiceError) {
                proof = try await call.parts.accounts.prove(request.name, request.password, from: call.head.peer)
            } catch {
                throw LoginError(error)
            }
            return try await answer(request, proof, call)
        } catch {
            return call.answer(.map(error.document), status: error.status, headers: uncached + error.headers)
        }
    }

    private static func answer(_ request: LoginRequest, _ proof: Proof, _ call: Call) async throws(LoginError)
        -> Response
    {
        guard let principal = call.parts.accounts.principal(by: proof), case .password(let user, let generation) = proof
        else { throw .refused }
        let (now, length) = (Clock.now / 1_000, min(max(call.parts.options.sessionLength, 1), KeyRing.longestSession))
        let session = Session(
            subject: principal.name, user: user, generation: generation, scope: request.scope, begins: now,
            ends: now + length)
        let text: String
        do throws(ServiceError) {
            text = try await call.parts.accounts.sessions.begin(session)
        } catch {
            throw LoginError(error)
        }
        var document: Map = [
            "access_token": .string(text), "token_type": "Bearer", "expires_in": .integer(length),
        ]
        document["scope"] = request.scope.map { .string($0.joined(separator: " ")) }
        return call.answer(.map(document), headers: uncached)
    }

    /// RFC 6749 §5.1.
    private static let uncached = [(name: "Cache-Control", value: "no-store"), (name: "Pragma", value: "no-cache")]
}
