import Lifecycle
import OrderedCollections
import Tree
import Views

extension Facts {
    /// What the views are told of a machine that this is known of.
    init(_ record: Record) {
        self.init(state: record.machine.state.rawValue, hypervisor: record.hypervisor)
        for (name, mac) in record.macs.sorted(by: { $0.key < $1.key }) { nics[name] = NIC(mac: mac.description) }
        for (name, observed) in record.observed?["nics"]?.map ?? [:] {
            var nic = nics[name.text] ?? NIC()
            nic.mac = observed.map?["mac"]?.string ?? nic.mac
            let addresses = observed.map?["addresses"]?.list?.compactMap(\.string) ?? []
            nic.ipv4 = addresses.filter { !$0.contains(":") }
            nic.ipv6 = addresses.filter { $0.contains(":") }
            nics[name.text] = nic
        }
    }
}
