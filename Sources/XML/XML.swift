/// XML: documents as values.
///
/// `Element(parsing:)` reads a document with libxml2 and gives its root; `serialized` writes it. Everything in an element is
/// kept in its order (unknown elements and attributes, comments, namespaces, white space), so that a document of which one
/// element was changed is written as it was but for that one.
///
/// It may import `CLibXML`; no type of C appears outside it. Elements are values: they can be used from any thread, and
/// nothing is left allocated when they are gone. Parsing opens no file and no connection, knows no entities but XML's own,
/// and is bounded: 16 MiB, 256 levels. Its only error is `ParseError`.
/// It neither validates nor resolves namespaces: a name is what is written, with its prefix.
