/// Operations on machines, and the parts that they consist of.
public protocol OperationStore: Sendable {
    /// Adds an operation and those that it consists of, all or none, with their numbers given by the store.
    ///
    /// - Returns: the operation as stored, then its children in their order. The ids given are not read.
    func insert(
        _ operation: Operation, children: [Operation], audit: AuditEntry?
    ) throws(StoreError) -> [Operation]

    /// Writes what may change in operations: state, build, progress, steps, error, start and end; all or none.
    func save(_ operations: [Operation]) throws(StoreError)

    /// One operation; nil if there is none of that number.
    func operation(_ id: Int) throws(StoreError) -> Operation?

    /// Up to `limit` operations with a number below `before`, or the newest ones; newest first.
    ///
    /// - Parameter parent: the operation that they are part of; nil for those that stand alone.
    func operations(of parent: Int?, before: Int?, limit: Int) throws(StoreError) -> [Operation]

    /// Forgets, with their parts, up to `limit` of the operations that ended before a time (in milliseconds since 1970)
    /// or that are older than the newest `count`. One that has not ended stays.
    ///
    /// - Returns: how many were forgotten, their parts not counted.
    func prune(endedBefore time: Int, keeping count: Int, limit: Int) throws(StoreError) -> Int
}

extension OperationStore {
    /// Adds an operation without children.
    public func insert(_ operation: Operation, audit: AuditEntry? = nil) throws(StoreError) -> Operation {
        try insert(operation, children: [], audit: audit).first ?? operation
    }

    /// Adds an operation of which the audit log says nothing.
    public func insert(_ operation: Operation, children: [Operation]) throws(StoreError) -> [Operation] {
        try insert(operation, children: children, audit: nil)
    }

    /// Writes what may change in an operation.
    public func save(_ operation: Operation) throws(StoreError) {
        try save([operation])
    }
}
