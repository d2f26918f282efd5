import Views

/// Who some machines are in an inventory.
///
/// A class, because its identity tells that the groups which were made of it are still current.
final class Roll: Sendable {
    let hosts: [Inventory.Host]
    /// The names of the machines left out, because their definition is broken.
    let omitted: [String]

    init(_ hosts: [Inventory.Host], omitted: [String]) {
        self.hosts = hosts
        self.omitted = omitted
    }

    func lists(_ hosts: [Inventory.Host], _ omitted: [String]) -> Bool {
        self.hosts == hosts && self.omitted == omitted
    }
}
