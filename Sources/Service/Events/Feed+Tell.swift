import Formats
import Lifecycle
import OrderedCollections
import Store
import Tree

extension Feed {
    /// Tells of an operation: it was accepted, goes on, or has ended.
    func tell(_ operation: Operation) {
        tell(.operation(operation, Value.map(operation.document).line))
    }

    /// Tells what became known of a machine, if it is anything that a client can see.
    func tell(_ listing: Index.Listing, _ before: Record, _ record: Record) {
        guard
            record.machine != before.machine || record.silence != before.silence || record.observed != before.observed
                || record.drift != before.drift
        else { return }
        var map: Map = ["path": .string("\(listing.path)"), "certname": .string(listing.certname)]
        map["state"] = .string(record.machine.state.rawValue)
        let was = before.machine.state
        if was != record.machine.state { map["was"] = .string(was.rawValue) }
        if let failure = record.machine.failure { map["reason"] = .string(failure.reason) }
        map["vm"] = EntryDocument.machine(record)
        map["drift"] = .list(record.drift.map { .string("\($0.key)") })
        map["time"] = .string(Clock.text(Clock.now))
        tell(.state(listing.path, Value.map(map).line))
    }
}

extension Value {
    /// The value as JSON without a line break.
    var line: String { String(decoding: JSON.encode(self), as: UTF8.self) }
}
