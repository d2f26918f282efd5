/// The head of a server's answer.
struct Response: Sendable {
    let status: Int
    /// By their names in lower case; of those that come twice the last.
    let fields: [String: String]

    init(status: Int, fields: [String: String] = [:]) {
        self.status = status
        self.fields = fields
    }
}
