// Sessions: short-lived proofs that somebody has shown his password, as signed JSON Web Tokens (RFC 7519).
//
// `Session` says who, as a value; `Signatory` signs sessions and knows its own signatures again; `KeyRing` is the keys
// as a value, of which the first signs and the others are kept until what they signed has ended; `KeyFile` is where
// they lie on disk; `CompactToken` is the text between the two.
//
// A signature is EdDSA over Ed25519 (RFC 8037) and never anything else: the algorithm is this module's choice and not
// the token's, and a key's name is looked up in the ring and nowhere else.
//
// Imports: Secrets, whose libsodium signs and verifies, and Foundation for JSON.
// Errors: `KeyFileError`, where the keys cannot be read or written. What a client sent is never an error: a text that is
// no session, is not signed by one of the keys, or is not valid now gives nil, with no word on why.
// Concurrency: values, and one actor.
// Not for: whether the person is still there and may still do what he might then; the caller asks his own books.
