import OrderedCollections
import Tree

/// A definition as it stood when it was opened.
struct EditedDocument {
    let target: Target
    let kind: Kind
    let definition: Map
    let tag: String?
    let revision: Int

    /// What a folder itself says is its common.
    init(_ path: Target, _ client: Client) async throws(Failure) {
        var answer = try await client.get(.tree(path))
        let isFolder = path == .common(path.path) || answer.map["kind"]?.string == Kind.folder.rawValue
        if isFolder, path != .common(path.path) { answer = try await client.get(.tree(.common(path.path))) }
        target = isFolder ? .common(path.path) : path
        kind = isFolder ? .folder : .vm
        definition = isFolder ? answer.map : answer.map["definition"]?.map ?? [:]
        tag = answer.tag
        revision = answer.revision ?? 0
    }

    /// The definition as it is edited.
    var text: String { Value.map(definition).yaml }

    /// That this one is not what was opened any more.
    func changed(since opened: EditedDocument) -> Failure {
        Failure(
            "\(target.path) was changed by somebody else since revision \(opened.revision); nothing was written",
            hint: "headwater history \(target.path) says by whom; edit it anew and take over what is yours")
    }
}
