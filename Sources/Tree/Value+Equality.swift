/// Bytes decide: values are equal if they are of one kind and are written with the same bytes. A float is not equal to an
/// integer nor zero to minus zero, a text not to another form of the same characters, a map not to one whose keys are in
/// another order.
extension Value: Hashable {
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.float(let one), .float(let other)): one.bitPattern == other.bitPattern
        case (.string(let one), .string(let other)): one.hasBytes(of: other)
        case (.list(let one), .list(let other)): one == other
        case (.map(let one), .map(let other)): one == other
        case (.null, _), (.bool, _), (.integer, _), (.float, _), (.string, _), (.list, _), (.map, _): false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let truth):
            hasher.combine(1)
            hasher.combine(truth)
        case .integer(let number):
            hasher.combine(2)
            hasher.combine(number)
        case .float(let number):
            hasher.combine(3)
            hasher.combine(number.bitPattern)
        case .string(let text):
            hasher.combine(4)
            text.hashBytes(into: &hasher)
        case .list(let elements):
            hasher.combine(5)
            hasher.combine(elements)
        case .map(let map):
            hasher.combine(6)
            hasher.combine(map)
        }
    }
}
