// What libmicrohttpd does by itself: a server that answers the same SIZE bytes to every request.
//
//     cc -O2 scripts/bare.c -lmicrohttpd -o bare && ./bare SIZE [PORT]
//
// It prints its port (0, the default, lets the system choose), and ends when its standard input does. Its daemon has
// the options of headwaterd's; its answer, with the headers of a document, is made once and queued again and again,
// the fastest that the library offers. The figures of a server in front of real data are ratios to this one's.

#define _GNU_SOURCE
#include <microhttpd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *body, size_t *size, void **kept) {
    static int seen;
    (void)url, (void)method, (void)version, (void)body;
    if (*kept == NULL) {
        // The first call: what is queued in it closes the connection.
        *kept = &seen;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

int main(int count, char **arguments) {
    size_t size = count > 1 ? strtoul(arguments[1], NULL, 10) : 1500;
    unsigned port = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
    char *document = malloc(size + 1);
    if (document == NULL) return 1;
    memset(document, 'x', size);
    struct MHD_Response *response = MHD_create_response_from_buffer(size, document, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "ETag", "\"4711\"");

    cpu_set_t allowed;
    int threads = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, port, NULL, NULL, answer, response,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(threads > 1 ? threads : 0), MHD_OPTION_CONNECTION_TIMEOUT, 60u,
        // What headwaterd's connections have: 16 KiB of a head, and what a hundred headers and an answer's head take.
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)((16 << 10) + 64 * 100 + (1 << 10)), MHD_OPTION_END);
    if (daemon == NULL) {
        perror("MHD_start_daemon");
        return 1;
    }
    printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF) {}
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    free(document);
    return 0;
}
