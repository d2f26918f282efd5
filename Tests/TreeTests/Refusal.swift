import OrderedCollections
import Testing
import Tree

/// A definition, and what is told of it.
struct Refusal: CustomTestStringConvertible, Sendable {
    let definition: Map
    let message: String

    init(_ definition: Map, _ message: String) {
        self.definition = definition
        self.message = message
    }

    var testDescription: String { message }
}

/// What is told of a definition as it is written at one entry.
func told(_ layer: Map) -> [String] { Schema.problems(inLayer: layer).map(\.description) }

/// What is told of a computed definition.
func told(complete definition: Map) -> [String] { Schema.problems(inComputed: definition).map(\.description) }
