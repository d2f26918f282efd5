internal import CJansson
internal import OrderedCollections
internal import Tree

/// Reads values with jansson.
struct JSONReader {
    let text: Text

    /// The value of the whole text.
    func value() throws(FormatError) -> Value {
        var error = json_error_t()
        guard let root = Self.parse(text.bytes, &error) else { throw JSONFailure(text: text).error(error) }
        defer { json_decref(root) }
        return try value(root)
    }

    /// The value that the bytes spell, to be freed by `json_decref`; nil with the reason if they are no JSON.
    static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ error: inout json_error_t)
        -> UnsafeMutablePointer<json_t>?
    {
        bytes.withMemoryRebound(to: CChar.self) {
            json_loadb($0.baseAddress, $0.count, Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL), &error)
        }
    }

    private func value(_ json: UnsafeMutablePointer<json_t>) throws(FormatError) -> Value {
        switch json.pointee.type {
        case JSON_OBJECT: return .map(try map(json))
        case JSON_ARRAY:
            var list: [Value] = []
            list.reserveCapacity(json_array_size(json))
            for index in 0..<json_array_size(json) {
                if let element = json_array_get(json, index) { list.append(try value(element)) }
            }
            return .list(list)
        case JSON_STRING: return .string(Self.string(json_string_value(json), json_string_length(json)))
        case JSON_INTEGER: return .integer(Int(json_integer_value(json)))
        case JSON_REAL: return .float(json_real_value(json))
        case JSON_TRUE: return true
        case JSON_FALSE: return false
        default: return .null
        }
    }

    private func map(_ json: UnsafeMutablePointer<json_t>) throws(FormatError) -> Map {
        var keys: ContiguousArray<Key> = []
        var values: ContiguousArray<Value> = []
        keys.reserveCapacity(json_object_size(json))
        values.reserveCapacity(json_object_size(json))
        var next = json_object_iter(json)
        while let item = next {
            if let element = json_object_iter_value(item) {
                keys.append(Key(Self.string(json_object_iter_key(item), json_object_iter_key_len(item))))
                values.append(try value(element))
            }
            next = json_object_iter_next(json, item)
        }
        // jansson has refused keys that are there twice: it compares bytes, too.
        return Map(uncheckedUniqueKeys: keys, values: values)
    }

    /// The text of a string that may hold NUL.
    static func string(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        UnsafeBufferPointer(start: start, count: length).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
