import Lifecycle
import Tree

/// Why an operation that an earlier run of the service accepted is not taken up again.
enum ResumptionError: Error, CustomStringConvertible {
    /// A later operation, of that number, began on its machine.
    case overtaken(by: Int)
    /// Its machine was made anew since it was accepted for another one.
    case otherMachine(Path, Verb, Int, found: Int)
    /// Its machine was switched off and on again since.
    case switchedOnAgain(Path, Verb)
    case unknownVerb(String)
    case deleted(Path)

    var description: String {
        switch self {
        case .overtaken(let later):
            "how it ended was not recorded, and operation \(later) was begun on the machine after it; it is not done again"
        case .otherMachine(let path, let verb, let build, let found):
            "\(path): \(verb.rawValue) was asked for when the VM was build \(build) of its descriptor, and it is build "
                + "\(found) by now; it is left as it is: ask again for \(verb.rawValue) if that is still wanted"
        case .switchedOnAgain(let path, let verb):
            "\(path): somebody has switched the VM on again since \(verb.rawValue) was asked for; it is left as it is: ask "
                + "again for \(verb.rawValue) if that is still wanted"
        case .unknownVerb(let verb): "the verb \"\(verb)\" is not known to this version"
        case .deleted(let path): "\(path): the descriptor was deleted meanwhile"
        }
    }
}
