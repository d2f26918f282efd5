import Formats
import Foundation
import FoundationNetworking
import OrderedCollections
import Tree

/// Asks the server.
struct Client: Sendable {
    enum Method: String {
        case get = "GET"
        case put = "PUT"
        case patch = "PATCH"
        case post = "POST"
        case delete = "DELETE"
    }

    let settings: Settings
    private let session: URLSession

    init(_ settings: Settings) {
        self.settings = settings
        if let authorities = settings.authorities {
            // The name under which swift-corelibs-foundation's URLSession hears of authorities (EasyHandle.swift).
            setenv("URLSessionCertificateAuthorityInfoFile", authorities, 1)
        }
        // libcurl, which URLSession stands on, takes proxies from the environment; none leads back to this machine.
        let environment = ProcessInfo.processInfo.environment
        let excepted = environment["no_proxy"] ?? environment["NO_PROXY"]
        setenv("no_proxy", [excepted, "localhost,127.0.0.1,::1"].compactMap { $0 }.joined(separator: ","), 1)

        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpShouldSetCookies = false
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        session = URLSession(configuration: configuration, delegate: Reserve(), delegateQueue: nil)
    }

    func get(_ address: Address) async throws(Failure) -> Answer {
        try await send(.get, address)
    }

    /// Sends a request. An answer that is no success is thrown as what the server says of it.
    ///
    /// - Parameter login: who asks instead of whom the token stands for.
    func send(
        _ method: Method, _ address: Address, _ body: Value? = nil, as login: (name: String, password: String)? = nil
    ) async throws(Failure) -> Answer {
        guard let url = URL(string: settings.url.absoluteString + address.text) else {
            throw Failure("\(settings.url.absoluteString)\(address.text) is no URL")
        }
        var request = URLRequest(url: url)
        request.httpMethod = method.rawValue
        // A read may wait 30 s for an operation; a write may touch every machine of a large tree.
        request.timeoutInterval = method == .get ? 60 : 600
        request.setValue("application/json", forHTTPHeaderField: "Accept")
        request.setValue("headwater/\(Headwater.version)", forHTTPHeaderField: "User-Agent")
        if let login {
            let pair = Data("\(login.name):\(login.password)".utf8).base64EncodedString()
            request.setValue("Basic \(pair)", forHTTPHeaderField: "Authorization")
        } else if let token = settings.token {
            request.setValue("Bearer \(token.secret)", forHTTPHeaderField: "Authorization")
        }
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            request.httpBody = Data(JSON.encode(body))
        }
        let (data, response): (Data, URLResponse)
        do {
            (data, response) = try await session.data(for: request)
        } catch {
            throw Failure(unreachable: settings, error)
        }
        let answer = try Answer(response as? HTTPURLResponse, data, settings)
        guard (200..<300).contains(answer.status) else { throw Failure(refusal: answer, settings) }
        return answer
    }
}
