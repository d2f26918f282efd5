import CCurl
import Dispatch

/// A connection to a server, kept for one request after the other: libcurl's easy interface
/// (https://curl.se/libcurl/c/libcurl-easy.html).
///
/// It follows no redirection, so that a token goes to the server that it was meant for, keeps no cookies, and speaks
/// nothing but HTTP. While nothing arrives it costs nothing.
final class Connection: Sendable {
    /// How the server is known, and who asks.
    struct Trust: Hashable, Sendable {
        /// A file with the certificates of the authorities to trust, in PEM; nil for the system's.
        var authorities: String?
        /// The files with the client's own certificate and its key, in PEM; a nil key is in the certificate's file.
        var certificate: String?
        var key: String?
    }

    private let trust: Trust
    /// The hosts that no proxy leads to, in CURLOPT_NOPROXY's form; proxies themselves are taken from the environment.
    private let direct: String
    /// A thread that may block; requests wait for each other.
    private let queue = DispatchQueue(label: "headwater.connection")
    /// Used on the queue alone; nil: libcurl could not be started.
    nonisolated(unsafe) private let handle: UnsafeMutableRawPointer?

    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ trust: Trust, direct: String) {
        self.trust = trust
        self.direct = direct
        handle = Connection.isReady ? curl_easy_init() : nil
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Sends a request.
    /// - Parameters:
    ///   - state: what is made of the answer's body.
    ///   - take: gets the answer's status and the next bytes of its body, as soon as they are there. While it works
    ///     nothing more is read.
    /// - Returns: what was made, and the answer's head or why there is none.
    func send<State: Sendable>(
        _ request: Request, into state: State,
        _ take: @escaping @Sendable (inout State, Int, UnsafeRawBufferPointer) -> Void
    ) async -> (state: State, response: Result<Response, TransferError>) {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                var state = state
                let sink = Sink { [handle] bytes in take(&state, headwater_status(handle), bytes) }
                let response = Result { () throws(TransferError) in try perform(request, sink) }
                continuation.resume(returning: (state, response))
            }
        }
    }

    private func perform(_ request: Request, _ sink: Sink) throws(TransferError) -> Response {
        guard let handle else { throw TransferError(CURLE_FAILED_INIT, "") }
        let sink = Unmanaged.passRetained(sink)
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        let fields = Connection.list(request.fields)
        defer {
            // First, for it forgets the others.
            curl_easy_reset(handle)
            curl_slist_free_all(fields)
            text.deallocate()
            sink.release()
        }
        set(trust, direct, handle)
        set(request, handle)
        headwater_set_pointer(handle, CURLOPT_HTTPHEADER, fields)
        headwater_set_pointer(handle, CURLOPT_ERRORBUFFER, text)
        headwater_set_writer(handle, onBytes, sink.toOpaque())
        let code = curl_easy_perform(handle)
        guard code == CURLE_OK else { throw TransferError(code, String(cString: text)) }
        return Response(status: headwater_status(handle), fields: Connection.fields(handle))
    }
}
