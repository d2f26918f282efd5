import TestSupport

/// The seed of a run, which failures tell.
let seed = Seeded().seed
