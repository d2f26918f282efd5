// Cascade: from layers to the computed definition of a machine, with the origin of every value.
//
// What it does: `Inheritance` fuses the commons from the root down, one folder at a time, so that a folder's result
// serves all below it. `Inheritance.compute` adds a descriptor's own layers, resolves references, checks the result
// against the schema and names the machine. `Fused` is the algebra underneath: a definition in which each value knows
// its layer and what it overrode.
//
// What it may import: Tree. No Foundation, no IO.
// Its errors: `Problem` values, collected, never thrown: a broken machine is a machine with problems.
// Concurrency: all types are immutable values or immutable classes; any thread with 1 MiB of stack can compute.
// Not for: looking entries up, remembering results, rendering.
