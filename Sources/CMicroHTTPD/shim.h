#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// What a daemon is started with; the functions come back on its worker threads with `context` as their first argument.
struct headwater_daemon {
    /// A bound, listening, non-blocking socket; the daemon closes it when it ends.
    MHD_socket socket;
    /// Worker threads; at least 1.
    unsigned int threads;
    /// Bytes of memory for one connection's request head and answer head.
    size_t memory;
    /// Open connections over all threads.
    unsigned int connections;
    /// Open connections of one address; 0 for no limit.
    unsigned int connections_per_address;
    /// Seconds without a byte after which a connection is closed; 0 for never.
    unsigned int idle;
    /// Priorities of GnuTLS for TLS; NULL for plain text.
    const char *tls;

    void *context;
    MHD_AccessHandlerCallback request;
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    MHD_LogCallback log;
    /// Called with the request's target as it was sent, before its headers are read; what it returns is kept for `request`.
    void *(*target)(void *, const char *, struct MHD_Connection *);
    size_t (*unescape)(void *, struct MHD_Connection *, char *);
};

/// Offers no certificate: each session is given its own credentials before its handshake, and one that was not must not
/// succeed. The type is `gnutls_certificate_retrieve_function2`'s.
static inline int headwater_no_certificate(
    void *session, const void *names, int count, const void *algorithms, int algorithm_count, void **certificates,
    unsigned int *length, void **key) {
    (void)session, (void)names, (void)count, (void)algorithms, (void)algorithm_count;
    (void)certificates, (void)length, (void)key;
    return -1;
}

/// Whether libmicrohttpd leaves a request's lines as they came but for NULs in the place of what ends them, which tells all
/// that it passes over: bare line feeds, folded lines, NULs. From 1.0 on it can judge these itself.
static inline int headwater_keeps_lines(void) {
    return strncmp(MHD_get_version(), "0.", 2) == 0;
}

/// Starts a daemon: a pool of threads, whose connections can be suspended.
///
/// Each thread has an epoll set; with TLS it polls: libmicrohttpd 0.9.75 takes a socket for readable in its epoll set until
/// the handshake has ended, so that a thread would turn without a rest for as long as a client keeps silent.
///
/// `MHD_start_daemon` is variadic, which Swift cannot call; here the C compiler also checks the type of every option.
static inline struct MHD_Daemon *headwater_start(const struct headwater_daemon *daemon) {
    const struct MHD_OptionItem secure[] = {
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)daemon->tls},
        {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)headwater_no_certificate},
        {MHD_OPTION_END, 0, NULL},
    };
    // Before 1.0 the strictness takes its answers from requests that we refuse as well, and with better ones. From 1.0 on
    // 38 is MHD_OPTION_CLIENT_DISCIPLINE_LVL, which older headers do not name, and 1 the least that refuses bare line feeds.
    const struct MHD_OptionItem strict[] = {
        {headwater_keeps_lines() ? MHD_OPTION_STRICT_FOR_CLIENT : (enum MHD_OPTION)38, headwater_keeps_lines() ? 0 : 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    const struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(
        (daemon->tls ? MHD_USE_TLS | MHD_USE_POLL_INTERNAL_THREAD : MHD_USE_EPOLL_INTERNAL_THREAD) | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_ERROR_LOG,
        0, NULL, NULL, daemon->request, daemon->context,
        // First, or messages about the other options go to standard error.
        MHD_OPTION_EXTERNAL_LOGGER, daemon->log, daemon->context,
        MHD_OPTION_LISTEN_SOCKET, daemon->socket,
        // A pool is two threads or more; 0 is one thread without a pool.
        MHD_OPTION_THREAD_POOL_SIZE, daemon->threads > 1 ? daemon->threads : 0,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, daemon->memory,
        MHD_OPTION_CONNECTION_LIMIT, daemon->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, daemon->connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, daemon->idle,
        MHD_OPTION_NOTIFY_COMPLETED, daemon->completed, daemon->context,
        MHD_OPTION_NOTIFY_CONNECTION, daemon->connection, daemon->context,
        MHD_OPTION_UNESCAPE_CALLBACK, daemon->unescape, daemon->context,
        MHD_OPTION_URI_LOG_CALLBACK, daemon->target, daemon->context,
        MHD_OPTION_ARRAY, strict,
        MHD_OPTION_ARRAY, daemon->tls ? secure : plain,
        MHD_OPTION_END);
}

// MHD_set_response_options and MHD_get_connection_info are variadic too.

/// Ends the answer with its connection, so that neither chunks nor a length tell where it ends.
static inline void headwater_end_with_connection(struct MHD_Response *response) {
    MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

/// The client's address; NULL if libmicrohttpd does not know it.
static inline const struct sockaddr *headwater_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

/// The session of GnuTLS; NULL in plain text.
static inline void *headwater_session(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/// The connection's socket; -1 if libmicrohttpd does not know it.
static inline int headwater_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// What the connection callback attached to the connection.
static inline void *headwater_attached(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/// The bytes of the request's head, from the method to the empty line.
static inline size_t headwater_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/// Calls `each` for every header and every query in one pass; the two kinds joined are no value of the enum in Swift.
static inline void headwater_each_field(struct MHD_Connection *connection, MHD_KeyValueIteratorN each, void *context) {
    MHD_get_connection_values_n(
        connection, (enum MHD_ValueKind)(MHD_HEADER_KIND | MHD_GET_ARGUMENT_KIND), each, context);
}

/// How many processors the process may run on (sched_getaffinity(2)), of the first 8,192. Called as the kernel has it: glibc's
/// declaration of it is not among those that Swift is shown.
static inline unsigned int headwater_processors(void) {
    unsigned long mask[128] = {0};
    unsigned int count = 0;
    if (syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) < 0) return 1;
    for (int place = 0; place < 128; place++) count += __builtin_popcountl(mask[place]);
    return count > 0 ? count : 1;
}
