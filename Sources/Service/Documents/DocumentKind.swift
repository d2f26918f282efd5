import Cascade
import Tree
import Views

/// Which document of a machine.
enum DocumentKind: Sendable {
    case enc
    case hiera
    case hieraKey(Key)
    case hostvars(Ansible.Variables)
    case pillar
    case top

    /// The path that asks for it; a query follows a NUL, which no path holds.
    func place(of certname: String) -> String {
        switch self {
        case .enc: "/enc/\(certname)"
        case .hiera: "/hiera/\(certname)"
        case .hieraKey(let key): "/hiera/\(certname)/\(key)"
        case .hostvars(.all): "/ansible/hosts/\(certname)"
        case .hostvars(let variables): "/ansible/hosts/\(certname)\0\(variables)"
        case .pillar: "/pillar/\(certname)"
        case .top: "/salt/top/\(certname)"
        }
    }

    func render(_ subject: Subject) throws(ServiceError) -> Document {
        Document(try value(subject))
    }

    func value(_ subject: Subject) throws(ServiceError) -> Value {
        switch self {
        case .enc: return .map(ENC.document(subject))
        case .hiera: return .map(Hiera.document(subject))
        case .hieraKey(let key):
            guard let value = Hiera.value(key, of: subject) else {
                throw .notFound("\(subject.computed.certname) has no key \"\(key)\"")
            }
            return value
        case .hostvars(let variables): return .map(Ansible.variables(subject, variables))
        case .pillar: return .map(Pillar.document(subject))
        case .top: return .map(Pillar.top(subject))
        }
    }
}
