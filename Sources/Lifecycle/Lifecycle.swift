/// Lifecycle: the life of a machine, as values.
///
/// `Machine` says what each verb and each piece of news does in each state, and what is to be done on the hypervisor;
/// `Specification` is what a driver needs to make a machine, read from a computed definition; `MAC` names its cards.
///
/// It is pure: it imports `Tree` alone, does no IO, reads no clock, and everything in it is Sendable by value.
/// A verb that makes no sense is refused with a `Refusal`, a definition that makes no machine with a
/// `SpecificationError` that lists every problem; nothing traps.
/// It does not talk to hypervisors, does not decide who may ask, and keeps nothing.
