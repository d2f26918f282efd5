// HTTP: a listener on libmicrohttpd, and the values that stand for what passes through it.
//
// A `Server` answers on one address. For each request it shows a `Handler` the `Head`; the handler says by a `Reception`
// how it goes on: an answer at once, an answer that has to wait for something, or the body first. A `Response` is a value,
// of which an `Answer` is made as libmicrohttpd sends it; who has the same to say again keeps that.
// `Route` and `Router` turn a list of routes into such a handler's lookup.
//
// Imports: CMicroHTTPD, TLS and Logging; Glibc for sockets. Nothing of the domain.
//
// Errors: `ServerError` when a server cannot start. What is wrong with a request is answered here, never thrown:
// 400 (what RFC 9110 and RFC 9112 call malformed), 401 (a certificate that proves nothing), 413, 415, 417, 431, 501, 503 and
// 505, each shaped by `Configuration.problem`. After a malformed request the connection is closed, and after a body in
// chunks as well: libmicrohttpd reads those more liberally than proxies may, so where they end is not certain.
//
// Concurrency: handlers run on libmicrohttpd's worker threads, many at once; they must not block. What waits is given
// back as `Reception.suspend`: the connection is parked, a task does the work, and the worker serves others meanwhile.
// A body that is sent part by part is a `Flow`: a task makes the parts, and the connection is parked between two of them.
// All state that is shared lies in `Engine` behind a mutex or an atomic.
//
// Not for: web sockets, files, compression, authentication, the meaning of any path.

/// Decides what becomes of a request; called on a worker thread once its head has arrived.
public typealias Handler = @Sendable (Head) -> Reception
