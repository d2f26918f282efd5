import Formats
import Tree

/// The text of the error for a document; what it was read as if there is none.
func failure(json text: String, limits: Limits = Limits()) -> String {
    failure { () throws(FormatError) in try JSON.decode(Array(text.utf8), limits: limits) }
}

/// The text of the error for a document; what it was read as if there is none.
func failure(yaml text: String, limits: Limits = Limits()) -> String {
    failure { () throws(FormatError) in try YAML.decode(Array(text.utf8), limits: limits) }
}

/// The text of the error that `decode` throws; what it gives if it throws none.
func failure(_ decode: () throws(FormatError) -> Value) -> String {
    do throws(FormatError) {
        return "no error, but \(try decode())"
    } catch {
        return error.description
    }
}
