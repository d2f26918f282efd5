import Cascade
import Tree
import Views

/// Which document of a machine.
enum DocumentKind: Hashable, Sendable {
    case enc
    case hiera
    case hieraKey(String)
    case hostvars(Ansible.Variables)
    case pillar
    case top

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
