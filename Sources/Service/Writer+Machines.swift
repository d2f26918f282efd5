import Lifecycle
import Tree

extension Writer {
    /// What the hypervisor is to make of a descriptor.
    ///
    /// It is recorded as applied and as the descriptor's machine of that build, and the addresses of its cards as given, before the hypervisor hears of them: they
    /// stay the same whatever happens on the way.
    func specification(of id: EntryID, build: Int) throws(ServiceError) -> Specification {
        try update(id) { snapshot, record throws(ServiceError) in
            guard let entry = snapshot.entry(id) else {
                throw .notFound("the descriptor was deleted meanwhile")
            }
            record.build = build
            return try snapshot.specification(of: entry, &record)
        }
    }
}
