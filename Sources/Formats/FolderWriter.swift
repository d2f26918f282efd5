internal import Foundation
internal import OrderedCollections
internal import Tree

/// Writes definitions where they differ from what a directory says.
struct FolderWriter {
    var report = FolderForm.Report()
    private var directories: Set<String> = []

    mutating func makeDirectory(_ directory: String, allowsLink: Bool) throws(FolderFormError) {
        guard directories.insert(directory).inserted else { return }
        let target = allowsLink ? URL(fileURLWithPath: directory).resolvingSymlinksInPath().path : directory
        switch FileKind(target) {
        case .directory: return
        case .file, .link, .other: throw FolderFormError(directory, "exists and is no directory")
        case nil: break
        }
        do {
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        } catch {
            throw FolderFormError(directory, "the directory cannot be made: \(error.localizedDescription)")
        }
    }

    /// Writes a definition to the file that has it already, or to a new one that ends in `.yaml`.
    mutating func write(_ definition: Map, _ stem: String, isOptional: Bool) throws(FolderFormError) {
        let existing = FolderForm.endings.map { "\(stem).\($0)" }.filter { FileKind($0) != nil }
        if let first = existing.first, existing.count > 1 {
            let others = existing.dropFirst().joined(separator: " and ")
            throw FolderFormError(first, "an entry is described by this file and by \(others); expected one of them")
        }
        if isOptional, definition.isEmpty, existing.isEmpty { return }
        let file = existing.first ?? "\(stem).yaml"
        if !existing.isEmpty {
            guard FileKind(file) == .file else { throw FolderFormError(file, "exists and is no file") }
            if says(file, definition) { return report.unchanged.append(file) }
        }
        let value = Value.map(definition)
        let bytes = file.hasSuffix(".json") ? JSON.encode(value, pretty: true) : YAML.encode(value)
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw FolderFormError(file, "the file cannot be written: \(error.localizedDescription)")
        }
        report.written.append(file)
    }

    /// Whether a file holds this very definition, down to the order of its keys.
    private func says(_ file: String, _ definition: Map) -> Bool {
        guard let data = FileManager.default.contents(atPath: file),
            let found = try? FolderForm.definition(Array(data), of: file)
        else { return false }
        return JSON.encode(.map(found)) == JSON.encode(.map(definition))
    }

    /// Notes what the directories hold beside what was written.
    mutating func findLeft() {
        let known = directories.union(report.written).union(report.unchanged)
        for directory in directories.sorted() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            for name in names.sorted() where !name.hasPrefix(".") {
                let file = FolderForm.join(directory, name)
                guard !known.contains(file) else { continue }
                if FileKind(file) == .directory || FolderForm.split(name) != nil { report.left.append(file) }
            }
        }
    }
}
