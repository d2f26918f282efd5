public import OrderedCollections

/// An element with all that is in it.
public struct Element: Hashable, Sendable {
    /// As written, with its prefix: `headwater:disk`.
    public var name: String
    /// In the order as written; declarations of namespaces (`xmlns:…`) come first.
    public var attributes: OrderedDictionary<String, String>
    public var content: [Node]

    public init(_ name: String, attributes: OrderedDictionary<String, String> = [:], content: [Node] = []) {
        self.name = name
        self.attributes = attributes
        self.content = content
    }

    /// A piece of an element's content.
    public enum Node: Hashable, Sendable {
        case element(Element)
        case text(String)
        /// A CDATA section.
        case data(String)
        case comment(String)
        /// A processing instruction.
        case instruction(target: String, data: String)

        public var element: Element? {
            guard case .element(let element) = self else { return nil }
            return element
        }
    }
}

extension Element {
    /// The elements in it.
    public var children: [Element] { content.compactMap(\.element) }

    /// The text in it, without that of the elements in it. Setting it replaces all content.
    public var text: String {
        get {
            var text = ""
            for node in content {
                switch node {
                case .text(let part), .data(let part): text += part
                case .element, .comment, .instruction: break
                }
            }
            return text
        }
        set { content = [.text(newValue)] }
    }

    /// The value of an attribute; nil: there is none, or takes it away.
    public subscript(attribute name: String) -> String? {
        get { attributes[name] }
        set { attributes[name] = newValue }
    }

    /// The first element of that name in it. Setting nil takes it away; setting one where there is none appends it.
    public subscript(_ name: String) -> Element? {
        get {
            for case .element(let child) in content where child.name == name { return child }
            return nil
        }
        set {
            let index = content.firstIndex { $0.element?.name == name }
            switch (index, newValue) {
            case (let index?, let element?): content[index] = .element(element)
            case (let index?, nil): content.remove(at: index)
            case (nil, let element?): content.append(.element(element))
            case (nil, nil): break
            }
        }
    }

    /// The elements at the end of a chain of names.
    public func all(_ names: String...) -> [Element] {
        names.reduce([self]) { elements, name in elements.flatMap { $0.children.filter { $0.name == name } } }
    }

    /// The first element at the end of a chain of names.
    public func first(_ names: String...) -> Element? {
        names.reduce([self]) { elements, name in elements.flatMap { $0.children.filter { $0.name == name } } }.first
    }

    /// Changes the first element of that name in it, in place, if there is one.
    public mutating func change(_ name: String, _ change: (inout Element) -> Void) {
        guard var child = self[name] else { return }
        change(&child)
        self[name] = child
    }

    /// Changes each element of that name in it, in place; one for which `change` returns false is taken away.
    public mutating func update<Failure>(
        each name: String, _ change: (inout Element) throws(Failure) -> Bool
    ) throws(Failure) {
        for index in content.indices.reversed() {
            guard case .element(var child) = content[index], child.name == name else { continue }
            if try change(&child) {
                content[index] = .element(child)
            } else {
                content.remove(at: index)
            }
        }
    }
}
