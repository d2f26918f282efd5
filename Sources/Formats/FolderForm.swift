internal import OrderedCollections
internal import Tree

/// A branch of the tree as files, so that it can be edited, compared and kept under version control.
///
/// A directory is a folder and `common.yaml` in it the folder's definition; any other `name.yaml` is the definition of
/// the machine `name`. `.yml` and `.json` do as well. What reading and writing make of each other keeps every value and
/// the order of keys.
public enum FolderForm {
    /// What a name ends with, the one that is written first.
    static let endings = ["yaml", "yml", "json"]

    /// The definition that a file holds; an empty file holds an empty one.
    static func definition(_ bytes: [UInt8], of file: String) throws(FolderFormError) -> Map {
        let value: Value
        do {
            // How deep a definition may be is the server's to say.
            let limits = Limits(depth: Limits.maximumDepth)
            value =
                file.hasSuffix(".json")
                ? try JSON.decode(bytes, limits: limits) : try YAML.decode(bytes, limits: limits)
        } catch {
            throw FolderFormError("\(file):\(error.line):\(error.column)", error.message)
        }
        switch value {
        case .map(let map): return map
        case .null: return [:]
        default: throw FolderFormError(file, "expected a definition, which is a map; found \(value.kind)")
        }
    }

    /// Splits `web.yaml` in what is named and its ending; nil for files that are none of ours.
    static func split(_ file: String) -> (name: String, ending: String)? {
        guard let dot = file.lastIndex(of: ".") else { return nil }
        let ending = String(file[file.index(after: dot)...])
        return endings.contains(ending) ? (String(file[..<dot]), ending) : nil
    }
}
