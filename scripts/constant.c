/* The yardstick of `make bench`: libmicrohttpd and nothing else. Answers every request on the loopback with the bytes
 * of one file, and prints its address once it answers. Ends with its standard input.
 *
 *     constant FILE THREADS
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct MHD_Response *response;

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *body, size_t *size, void **request)
{
    (void)context, (void)url, (void)method, (void)version, (void)body, (void)size, (void)request;
    return MHD_queue_response(connection, MHD_HTTP_OK, response);
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: constant FILE THREADS\n");
        return 2;
    }
    FILE *file = fopen(arguments[1], "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) fail(arguments[1]);
    long size = ftell(file);
    char *bytes = size > 0 ? malloc((size_t)size) : NULL;
    rewind(file);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) fail(arguments[1]);

    response = MHD_create_response_from_buffer((size_t)size, bytes, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", "application/json");

    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned threads = (unsigned)atoi(arguments[2]);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &loopback,
        MHD_OPTION_THREAD_POOL_SIZE, threads > 1 ? threads : 0, MHD_OPTION_END);
    if (!daemon) fail("MHD_start_daemon");
    printf("listening on http://127.0.0.1:%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);

    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    free(bytes);
    return 0;
}
