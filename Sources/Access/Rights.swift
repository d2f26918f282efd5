/// A set of rights, as bits: one is made for each of a hundred thousand machines when they are listed.
public struct Rights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public init(_ rights: some Sequence<Right>) {
        rawValue = rights.reduce(0) { $0 | 1 << $1.place }
    }

    public init(_ right: Right) {
        rawValue = 1 << right.place
    }

    public static let all = Rights(Right.allCases)

    public func contains(_ right: Right) -> Bool {
        rawValue & 1 << right.place != 0
    }

    /// The rights, in the order of their declaration.
    public var list: [Right] { Right.allCases.filter { contains($0) } }
}

extension Rights: ExpressibleByArrayLiteral {
    public init(arrayLiteral rights: Right...) {
        self.init(rights)
    }
}

extension Right {
    /// Which bit stands for it.
    fileprivate var place: Int {
        switch self {
        case .view: 0
        case .viewSecrets: 1
        case .createFolder: 2
        case .edit: 3
        case .delete: 4
        case .start: 5
        case .stop: 6
        case .create: 7
        case .destroy: 8
        case .console: 9
        case .snapshot: 10
        case .grant: 11
        case .trust: 12
        }
    }
}
