public import Lifecycle

extension Reach {
    /// What tests open besides: sockets of their own, and what no driver knows.
    public static let tests = Reach(
        uris: Reach.uris + ["qemu+unix:///*", "nosuch:///system"], parameters: Reach.parameters.union(["socket"]))
}
