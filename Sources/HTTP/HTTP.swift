// HTTP: a listener on libmicrohttpd, and the values that stand for what passes through it.
//
// A `Server` answers on one address. For each request it shows a `Handler` the `Head`; the handler says by a `Reception`
// how it goes on: an answer at once, an answer that has to wait for something, or the body first. A `Response` is a value,
// of which an `Answer` is made as libmicrohttpd sends it; who has the same to say again keeps that. With it comes perhaps a
// `Recall`, by which requests of the same connection are answered that repeat this one but for their path (`Repetition`):
// their heads are held against the `KnownHeaders` of the first, and not read. `Route` and `Router` turn a list of routes
// into such a handler's lookup.
//
// Imports: CMicroHTTPD, TLS and Logging; Glibc for sockets. Nothing of the domain.
//
// Errors: `ServerError` when a server cannot start. What is wrong with a request is answered here, never thrown:
// 400 (framing, path, query), 401 (a certificate that proves nothing), 413, 431, 501, 503, each shaped by `Configuration.problem`.
//
// Concurrency: handlers run on libmicrohttpd's worker threads, many at once; they must not block. What waits is given
// back as `Reception.suspend`: the connection is parked, a task does the work, and the worker serves others meanwhile.
// A body that is sent part by part is a `Flow`: a task makes the parts, and the connection is parked between two of them.
// All state that is shared lies in `Engine` behind a mutex or an atomic.
//
// Not for: web sockets, files, compression, authentication, the meaning of any path.

/// Decides what becomes of a request; called on a worker thread once its head has arrived.
public typealias Handler = @Sendable (Head) -> Reception
