import CLibvirt
import Tree

extension virDomainStatsRecord {
    /// The capacities of the domain's disks, by libvirt's names of these.
    var capacities: [String: Size] {
        var count: UInt32 = 0
        guard virTypedParamsGetUInt(params, nparams, "block.count", &count) == 1 else { return [:] }
        var capacities: [String: Size] = [:]
        for index in 0..<count {
            var name: UnsafePointer<CChar>?
            var capacity: UInt64 = 0
            guard virTypedParamsGetString(params, nparams, "block.\(index).name", &name) == 1, let name,
                virTypedParamsGetULLong(params, nparams, "block.\(index).capacity", &capacity) == 1
            else { continue }
            capacities[String(cString: name)] = Size(bytes: Int(clamping: capacity))
        }
        return capacities
    }
}
