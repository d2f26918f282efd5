// Tree: the values that all else is about.
//
// What it does: `Path` and `DottedPath` name entries and keys, `Value` is what definitions are made of, `Entry` and
// `Layer` are what was written and where, `Hierarchy` is all of it as an immutable tree. `Schema` knows which keys a
// definition may hold and tells what does not fit, `Reference` how references are written.
//
// What it may import: the ordered dictionary of swift-collections. No Foundation, no IO.
// Its errors: typed, for texts that are no path, key or reference; `Problem` values for definitions, collected.
// Concurrency: all types are immutable values or immutable classes.
// Not for: what definitions mean together (Cascade), reading and writing bytes (Formats).
