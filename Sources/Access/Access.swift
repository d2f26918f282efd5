// Access: who asks, and what he may.
//
// What it does: names the rights that routes ask for, and decides whether a principal has one at a place of the tree.
// What it may import: Tree. No Foundation, no IO.
// Its errors: none; a decision is a value.
// Concurrency: values only.
// Not for: finding out who somebody is (that needs secrets), or turning a decision into an answer.
