/// A request that the service refuses, with its answer.
struct BadRequest: Sendable {
    let title: String
    var method = "PUT"
    var path = "/v1/tree/new"
    var body: String?
    var type = "application/json"
    let status: Int
    let detail: String
    /// Line and column, where the body cannot be read.
    var place: (line: Int, column: Int)?
    /// The key that is wrong, where a definition is.
    var key: String?
}
