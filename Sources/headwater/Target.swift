import Tree

/// What a path on the command line means: an entry, or a folder's definition by its reserved name.
enum Target: Hashable {
    case entry(Path)
    case common(Path)

    init(_ text: String) throws(PathError) {
        let suffix = "/" + Path.common
        if text.hasSuffix(suffix) {
            let folder = String(text.dropLast(suffix.count))
            self = .common(try Path(folder.isEmpty ? "/" : folder))
        } else {
            self = .entry(try Path(text))
        }
    }

    var path: Path {
        switch self {
        case .entry(let path), .common(let path): path
        }
    }

    var segments: [String] {
        switch self {
        case .entry(let path): path.segments
        case .common(let path): path.segments + [Path.common]
        }
    }
}

extension Target: CustomStringConvertible {
    var description: String { segments.isEmpty ? "/" : segments.reduce(into: "") { $0 += "/" + $1 } }
}
