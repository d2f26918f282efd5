/// What is kept of operations that have ended.
public struct OperationRetention: Hashable, Sendable {
    /// How many, those that others are part of not counted apart.
    public var count: Int
    public var age: Duration

    public init(count: Int = 10_000, age: Duration = .seconds(90 * 86_400)) {
        self.count = count
        self.age = age
    }
}
