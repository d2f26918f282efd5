// Secrets: tokens, passwords, signatures and digests, all by libsodium.
//
// `Token` and `Password` are what people and programs show; `TokenHash` and `PasswordHash` are what may be stored of
// them; `Fingerprints` know a secret again without keeping it, within one process; `Digest` gives what ETags are made of;
// `SigningKey` signs, and `VerificationKey` knows its signatures.
// What is secret shows itself in no description, mirror or error: the types see to that, not their users.
//
// Imports: CSodium, and nothing of Headwater.
// Errors: `SecretsError` where the system has no randomness or no memory. What a client sent is never an error: a text
// that is no token gives nil, a password that does not match gives false.
// Concurrency: values; every call may come from any thread. Hashing or checking a password takes tens of milliseconds
// and 64 MiB by design: the caller bounds how many run at once.
// Not for: deciding what a principal may do, storing anything.

import CSodium

/// The library's own start.
enum Sodium {
    /// Whether libsodium could be started; tried once in a process.
    static let isReady = sodium_init() >= 0

    static func start() throws(SecretsError) {
        guard isReady else { throw .noRandomness }
    }
}
