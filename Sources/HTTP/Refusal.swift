/// Why a request is answered before any handler sees it.
struct Refusal: Error {
    let status: Int
    let detail: String

    init(_ status: Int, _ detail: String) {
        self.status = status
        self.detail = detail
    }
}
