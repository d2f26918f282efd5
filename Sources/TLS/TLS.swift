// TLS: certificates, keys, authorities and lists of revoked certificates, by GnuTLS.
//
// `Credentials` are read from `Files` and checked as a whole: what a server presents, and whom it believes. They are
// immutable; a server that is told to read its files again makes new ones and gives them to the connections to come.
// Of a session's other side they say what its certificate proves: a `Peer`.
//
// Imports: CGnuTLS; Glibc to read files. A session comes in as a bare pointer, from whoever owns the connection.
//
// Errors: `CredentialsError`, which names the file and what is wrong with it. A client's certificate that does not hold
// up is no error but a `Peer.refused` with its reason.
//
// Concurrency: values, and classes that are never written after they were made; GnuTLS lets any number of sessions
// share such credentials.
//
// Not for: sockets, handshakes, and what a certificate's bearer may do.
