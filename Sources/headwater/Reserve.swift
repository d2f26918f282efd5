import Foundation
import FoundationNetworking

/// Keeps URLSession from doing more than was asked. It has no state, so that any thread may call it.
class Reserve: NSObject, URLSessionTaskDelegate, @unchecked Sendable {
    /// Follows no redirection: a token goes to the server that it was meant for.
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    /// Ends a request that the server answers with 401, as cancelled: there is no other credential to try, and
    /// URLSession would wait for one (https://github.com/swiftlang/swift-corelibs-foundation/issues/5456).
    func urlSession(
        _ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        completionHandler(.cancelAuthenticationChallenge, nil)
    }

    /// A subclass can override this, and not the default that the protocol has.
    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {}
}
