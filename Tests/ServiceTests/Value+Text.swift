import Formats
import Tree

extension Value {
    var jsonText: String { String(decoding: JSON.encode(self), as: UTF8.self) }
}
