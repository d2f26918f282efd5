import Cascade
import Formats
import Foundation
import OrderedCollections
import Tree

/// Reads a directory as the tree it stands for: a directory is a folder, `common.yaml` its common, and any other
/// `name.yaml` or `name.json` a descriptor.
enum FolderForm {
    /// The computed definitions of all machines of the tree, sorted by path.
    static func machines(in directory: URL) throws -> [Computed] {
        try machines(in: directory, at: .root, below: nil).sorted { $0.path < $1.path }
    }

    private static func machines(in directory: URL, at path: Path, below: Inheritance?) throws -> [Computed] {
        let files = try FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: [.isDirectoryKey])
        let shared = files.first { $0.lastPathComponent == "common.yaml" }
        let layer = common(path, try shared.map(definition) ?? [:])
        let inheritance = below?.entering(layer) ?? Inheritance(root: layer)
        return try files.filter { $0 != shared }.flatMap { file in
            let child = try path.appending(file.deletingPathExtension().lastPathComponent)
            return try file.hasDirectoryPath
                ? machines(in: file, at: child, below: inheritance)
                : [inheritance.compute(local(child, try definition(file)))]
        }
    }

    private static func definition(_ file: URL) throws -> Map {
        let bytes = Array(try Data(contentsOf: file))
        let value = try file.pathExtension == "json" ? JSON.decode(bytes) : YAML.decode(bytes)
        guard let definition = value.map else { throw Problem("\(file.path) holds \(value.kind), no map") }
        return definition
    }
}
