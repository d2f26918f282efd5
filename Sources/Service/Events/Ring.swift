/// The newest of the elements that were ever added, numbered from 1.
struct Ring<Element> {
    private var elements: [Element] = []
    private let limit: Int
    /// How many were ever added, and the number of the newest.
    private(set) var count = 0

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// The number of the oldest that is kept; the next number if none is.
    var first: Int { count - elements.count + 1 }

    /// Adds an element.
    /// - Returns: the one that is no longer kept.
    @discardableResult
    mutating func append(_ element: Element) -> Element? {
        defer { count += 1 }
        guard elements.count == limit else {
            elements.append(element)
            return nil
        }
        let old = elements[count % limit]
        elements[count % limit] = element
        return old
    }

    /// Nil if there is none of that number, or it is no longer kept.
    subscript(number: Int) -> Element? {
        number >= first && number <= count ? elements[(number - 1) % limit] : nil
    }
}
