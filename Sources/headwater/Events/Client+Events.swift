import Foundation
import FoundationNetworking

extension Client {
    /// Seconds without a byte after which a stream is given up; the server gives a sign of life more often.
    private static let patience: TimeInterval = 60

    /// Opens a stream of events and passes each to `body`, until the server or the connection ends it.
    /// - Throws: what the server refused, or why it cannot be spoken with; `answered` tells which.
    func events(
        _ address: Address, _ parser: inout EventParser, _ body: (Event) -> Void
    ) async throws(Failure) {
        var request = try request(.get, address)
        request.timeoutInterval = Client.patience
        request.setValue("text/event-stream", forHTTPHeaderField: "Accept")
        if !parser.lastEventID.isEmpty {
            request.setValue(parser.lastEventID, forHTTPHeaderField: "Last-Event-ID")
        }
        let arrivals = Arrivals()
        let session = Client.session(arrivals)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        var refusal: (response: HTTPURLResponse, data: Data)?
        do {
            for try await part in arrivals.parts {
                switch part {
                case .head(let response):
                    if response.statusCode != 200 { refusal = (response, Data()) }
                case .bytes(let data):
                    guard refusal == nil else {
                        refusal?.data.append(data)
                        continue
                    }
                    parser.read(data).forEach(body)
                }
            }
        } catch {
            throw Failure(unreachable: settings, error)
        }
        if let refusal {
            throw Failure(refusal: try Answer(refusal.response, refusal.data, settings), settings)
        }
    }
}
