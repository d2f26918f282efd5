extension Array {
    /// The elements in the order of their paths. Each path is written out once: to compare texts is quicker than to climb
    /// two paths, again and again.
    public func sorted(byPath path: (Element) -> Path) -> [Element] {
        Path.order(map(path)).map { self[$0] }
    }
}

extension Path {
    /// The indices of paths in their order.
    fileprivate static func order(_ paths: [Path]) -> [Int] {
        paths.enumerated()
            // Less than all that labels are made of, so that a folder's entries come before its longer namesakes.
            .map { (key: $1.text(separator: 1), index: $0) }
            .sorted { $0.key < $1.key }
            .map(\.index)
    }
}
