import Formats
import Foundation
import OrderedCollections
import Tree

/// Asks the server.
struct Client: Sendable {
    let settings: Settings
    let connection: Connection

    init(_ settings: Settings) {
        self.settings = settings
        connection = Connection(settings.trust, direct: settings.direct)
    }

    /// A request with all that each has.
    func request(_ method: Request.Method, _ address: Address, accept: String = "application/json") -> Request {
        var request = Request(method, settings.url.absoluteString + address.text)
        request.fields = [("Accept", accept), ("User-Agent", "headwater/\(Headwater.version)")]
        if let token = settings.token { request.fields.append(("Authorization", "Bearer \(token.secret)")) }
        return request
    }

    func get(_ address: Address) async throws(Failure) -> Answer {
        try await send(.get, address)
    }

    /// Sends a request. An answer that is no success is thrown as what the server says of it.
    ///
    /// - Parameters:
    ///   - tag: of the document that is to be replaced (`If-Match`); if it has changed since, the answer is 412.
    ///   - login: who asks instead of whom the token stands for.
    func send(
        _ method: Request.Method, _ address: Address, _ body: Value? = nil, ifMatches tag: String? = nil,
        as login: (name: String, password: String)? = nil
    ) async throws(Failure) -> Answer {
        var request = request(method, address)
        if let tag { request.fields.append(("If-Match", tag)) }
        if let login {
            let pair = Data("\(login.name):\(login.password)".utf8).base64EncodedString()
            request.fields.removeAll { $0.0 == "Authorization" }
            request.fields.append(("Authorization", "Basic \(pair)"))
        }
        // A read may wait 30 s for an operation; a write may touch every machine of a large tree.
        request.deadline = method == .get ? 60 : 600
        if let body {
            request.fields.append(("Content-Type", "application/json"))
            request.body = JSON.encode(body)
        }
        let (bytes, response) = await connection.send(request, into: [UInt8]()) { $0 += $2 }
        return try answer(response, bytes)
    }

    /// What came back, if it is a success.
    func answer(_ response: Result<Response, TransferError>, _ bytes: [UInt8]) throws(Failure) -> Answer {
        let head: Response
        do {
            head = try response.get()
        } catch {
            throw Failure(unreachable: settings, error)
        }
        let answer = try Answer(head, bytes, settings)
        guard (200..<300).contains(answer.status) else { throw Failure(refusal: answer, settings) }
        return answer
    }
}
