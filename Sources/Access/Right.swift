/// What a principal may do at a place of the tree.
public enum Right: String, Hashable, Sendable, CaseIterable {
    /// See entries and the documents made of them.
    case view
    case viewSecrets = "view-secrets"
    case createFolder = "create-folder"
    /// Write definitions, move and copy.
    case edit
    case delete
    case start
    case stop
    case create
    case destroy
    case console
    case snapshot
    /// Change `access`.
    case grant
    /// Write what could run code elsewhere: `hypervisors`, `images`, `networks`, `pools`, `ansible`.
    case trust
}
