/// What is asked of a server.
struct Request: Sendable {
    enum Method: String {
        case get = "GET"
        case put = "PUT"
        case patch = "PATCH"
        case post = "POST"
        case delete = "DELETE"
    }

    let method: Method
    let url: String
    var fields: [(name: String, value: String)] = []
    var body: [UInt8]?
    /// How many seconds it may take from its beginning to the answer's end; nil: as long as it likes.
    var deadline: Int?
    /// After how many seconds without a byte it is given up; nil: never.
    var silence: Int?

    init(_ method: Method, _ url: String) {
        self.method = method
        self.url = url
    }
}
