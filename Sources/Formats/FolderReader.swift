internal import Foundation
internal import Glibc
internal import OrderedCollections
internal import Tree

/// Reads directories; goes on after a fault, to find all of them.
struct FolderReader {
    let top: String
    var items: [FolderForm.Item] = []
    var faults: [FolderFormError.Fault] = []
    var ignored: [String] = []

    mutating func readTop(at root: Path) {
        // What the caller names may be a link; what stands below it may lead nowhere else.
        switch FileKind(URL(fileURLWithPath: top).resolvingSymlinksInPath().path) {
        case .directory:
            readFolder(top, at: root)
        case .file:
            guard let (name, _) = FolderForm.split(URL(fileURLWithPath: top).lastPathComponent) else {
                return refuse(top, "expected a directory, or a file that ends in .yaml, .yml or .json")
            }
            if name == Path.common {
                readDefinition(top, .folder, at: root)
            } else if let path = child(name, of: root, top) {
                readDefinition(top, .vm, at: path)
            }
        case .link, .other: refuse(top, "expected a directory or a file")
        case nil: refuse(top, "does not exist; expected a directory or a file")
        }
    }

    private mutating func readFolder(_ directory: String, at path: Path) {
        guard let names = names(in: directory) else {
            return refuse(directory, "the directory cannot be read")
        }
        var commons: [String] = []
        var children: [Path: [(kind: Kind, file: String)]] = [:]
        for name in names where !name.hasPrefix(".") {
            let file = FolderForm.join(directory, name)
            switch kind(of: file) {
            case .directory:
                if let path = child(name, of: path, file) { children[path, default: []].append((.folder, file)) }
            case .file:
                guard let (stem, _) = FolderForm.split(name) else {
                    ignored.append(file)
                    continue
                }
                if stem == Path.common {
                    commons.append(file)
                } else if let path = child(stem, of: path, file) {
                    children[path, default: []].append((.vm, file))
                }
            case .link, .other: ignored.append(file)
            case nil: continue
            }
        }
        refuseSeveral(commons, path)
        if let common = commons.first {
            readDefinition(common, .folder, at: path)
        } else {
            items.append(FolderForm.Item(path: path, kind: .folder, definition: [:]))
        }
        for (path, sources) in children.sorted(by: { $0.key < $1.key }) {
            refuseSeveral(sources.map(\.file), path)
            guard let source = sources.first else { continue }
            switch source.kind {
            case .folder: readFolder(source.file, at: path)
            case .vm: readDefinition(source.file, .vm, at: path)
            }
        }
    }

    /// The names in a directory, in order; nil if it cannot be read. By readdir(3), for `FileManager` passes over names that
    /// are no UTF-8.
    private mutating func names(in directory: String) -> [String]? {
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let isDirectory = Int(entry.pointee.d_type) == Int(DT_DIR)
            withUnsafePointer(to: &entry.pointee.d_name) {
                let start = UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self)
                let name = String(cString: start)
                if String(validatingCString: start) != nil {
                    names.append(name)
                } else if isDirectory || FolderForm.split(name) != nil {
                    refuse(FolderForm.join(directory, name), "the name is not valid UTF-8; expected text in UTF-8")
                } else {
                    ignored.append(FolderForm.join(directory, name))
                }
            }
        }
        return names.sorted()
    }

    private mutating func readDefinition(_ file: String, _ kind: Kind, at path: Path) {
        guard let data = FileManager.default.contents(atPath: file) else {
            return refuse(file, "the file cannot be read")
        }
        do {
            let definition = try FolderForm.definition(Array(data), of: file)
            items.append(FolderForm.Item(path: path, kind: kind, definition: definition, file: file))
        } catch {
            faults += error.faults
        }
    }

    /// An entry has one source.
    private mutating func refuseSeveral(_ files: [String], _ path: Path) {
        guard let first = files.first, files.count > 1 else { return }
        refuse(first, "\(path) is described by \(files.joined(separator: " and by ")); expected one of them")
    }

    private mutating func child(_ name: String, of path: Path, _ file: String) -> Path? {
        do {
            return try path.appending(name)
        } catch {
            refuse(file, "\(error)")
            return nil
        }
    }

    /// What stands there; a link counts as the file that it leads to, if that is part of the directory that is read.
    private mutating func kind(of file: String) -> FileKind? {
        let kind = FileKind(file)
        guard kind == .link else { return kind }
        let target = URL(fileURLWithPath: file).resolvingSymlinksInPath().path
        let boundary = URL(fileURLWithPath: top).resolvingSymlinksInPath().path
        guard target.hasPrefix(boundary == "/" ? "/" : boundary + "/"), FileKind(target) == .file else {
            let isThere = FileManager.default.fileExists(atPath: target)
            // One that leads nowhere is not resolved.
            let end = isThere ? target : FolderReader.destination(of: file)
            refuse(
                file,
                "is a link to \(end)\(isThere ? "" : ", which does not exist"); expected a link to a file within \(top), or "
                    + "no link")
            return nil
        }
        return .file
    }

    /// Where a link leads, as an absolute path.
    private static func destination(of link: String) -> String {
        let directory = URL(fileURLWithPath: link).deletingLastPathComponent()
        let destination = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? link
        return URL(fileURLWithPath: destination, relativeTo: directory).standardizedFileURL.path
    }

    private mutating func refuse(_ place: String, _ message: String) {
        faults.append(FolderFormError.Fault(place: place, message: message))
    }
}
