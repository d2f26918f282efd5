// Access: who asks, and what he may.
//
// What it does: reads what `access` says in the tree, and decides what a principal may do at a place of it.
//
//     Principal + Policy ──► Standing ──► rights at a path, and whether a path exists for him
//     Policy before + Policy after ──► what a change would give to whom
//
// A role is given to names and groups by `managers`, `users` and `readers`, and holds from there down. What a role may do
// stands in `may`; where nothing was said on the way it is the role's standard, the first `may` on the way replaces that,
// and those below can only take away. A role without `view` has no right there, so what may not be viewed does not exist.
//
// What it may import: Tree, and a persistent map. No Foundation, no IO.
// Its errors: none; a decision is a value.
// Concurrency: values only. A decision walks the entries on the way that have an `access`, and allocates nothing.
// Not for: finding out who somebody is (that needs secrets), or turning a decision into an answer.
