import Formats
import Lifecycle
import OrderedCollections
import Tree

extension Work {
    /// Says where the machine is not what was made of it, and writes that again.
    func putRight(_ plan: Plan, _ report: @Sendable (String) async -> Void) async throws(ServiceError) {
        var drift = try await drift()
        guard !drift.isEmpty else { return }
        for difference in drift { await report("found: \(difference.sentence)") }
        if let autostart = drift.first(where: { $0.key == ["autostart"] })?.before?.bool, let endpoint = plan.endpoint {
            await report("autostart: \(autostart)")
            try await setAutostart(autostart, endpoint)
            await keepObservation(endpoint, report)
            drift = try await self.drift()
            guard !drift.isEmpty else { return }
        }
        guard try await !isAdopted() else {
            throw .conflict(
                plan.path,
                "\(plan.path): the VM was adopted and its hardware is not written over; rebuild makes it anew, release "
                    + "and adopt take it as it is now")
        }
        let (seen, applied) = try await sides()
        if seen != applied {
            await report("update")
            try await write(from: seen, to: applied)
        }
        let endpoint = applied.endpoint
        await keepObservation(endpoint, report)
        let left = try await self.drift()
        guard left.isEmpty else {
            let sentences = (left.map(\.sentence) + Difference.remedies(for: left)).joined(separator: "; ")
            throw .conflict(plan.path, "\(plan.path): \(sentences)")
        }
        let isOn = try await writer.update(id) { _, record in record.observed?["power"] != "off" }
        if isOn { await report("the VM runs on as it is; what was written holds from its next start") }
    }

    /// The machine as it was seen, and as it was made.
    private func sides() async throws(ServiceError) -> (seen: Specification, applied: Specification) {
        let id = id
        return try await writer.update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else { throw .notFound("the descriptor was deleted meanwhile") }
            let applied = try snapshot.applied(of: entry, record)
            return (record.observed.map { applied.with(Hardware(observed: $0)) } ?? applied, applied)
        }
    }

    private func isAdopted() async throws(ServiceError) -> Bool {
        try await writer.update(id) { _, record in record.isAdopted }
    }

    private func drift() async throws(ServiceError) -> [Difference] {
        try await writer.update(id) { _, record in record.drift }
    }
}

extension Difference {
    /// `hardware.cpus was 2, and is 4 on the hypervisor`; `disks.data is missing on the hypervisor`.
    var sentence: String {
        if isOfDisk, case .string(let place)? = after {
            return "\(key): the VM's disk is another file than was applied: \(place)"
        }
        switch (before, after) {
        case ([:]?, nil): return "\(key) is missing on the hypervisor"
        case (nil, [:]?): return "\(key) is on the hypervisor, and was not there"
        case (let old?, nil): return "\(key) was \(old.inline), and is missing on the hypervisor"
        case (nil, let new?): return "\(key) is \(new.inline) on the hypervisor, and was not there"
        case (let old, let new):
            return "\(key) was \(old?.inline ?? "nothing"), and is \(new?.inline ?? "nothing") on the hypervisor"
        }
    }

    /// What helps where reconcile does not, in the words of commands that work on such a machine and lose nothing that they
    /// do not name.
    static func remedies(for left: [Difference]) -> [String] {
        if left.contains(where: \.isOfMissingDisk) {
            return [
                "where a volume cannot be put back, destroy and then create, both with --keep-disks, take up the disks that "
                    + "are there and make the missing one anew"
            ]
        }
        let adoption = "release and adopt take the VM as it is now"
        if left.contains(where: \.isOfReplacedDisk) {
            return [
                "virsh blockcommit with --active --pivot merges a snapshot into the disk that it is of, while the VM runs",
                adoption,
            ]
        }
        return [adoption, "rebuild makes it and all its disks anew"]
    }

    private var isOfDisk: Bool { key.keys.count == 2 && key.keys.first == "disks" }
    private var isOfReplacedDisk: Bool { isOfDisk && after?.string != nil }
    private var isOfMissingDisk: Bool { isOfDisk && after == nil }
}

extension Value {
    /// The value in one line.
    fileprivate var inline: String {
        string ?? String(decoding: JSON.encode(self), as: UTF8.self)
    }
}
