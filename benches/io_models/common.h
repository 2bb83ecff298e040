/* What the yardsticks of io_models.rs share: a listener on 127.0.0.1 that says its address, and the echo itself. Each .c file
 * beside this one is the textbook loop of one I/O model around it, with plain calls and nothing else. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

enum { CHUNK = 65536, FDS = 65536 };

/* How an echo on a non-blocking socket went: nothing was there, bytes came back whole, the rest waits for room, it is over. */
enum went { NOTHING, BYTES, FULL, OVER };

static struct { char *data; size_t from, to; } pending[FDS];

static inline void die(const char *call) {
    perror(call);
    exit(1);
}

static inline int listener(int flags) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0) die("socket");
    if (flags && fcntl(fd, F_SETFL, flags) < 0) die("fcntl");
    if (bind(fd, (struct sockaddr *)&address, size) < 0) die("bind");
    if (listen(fd, 128) < 0) die("listen");
    if (getsockname(fd, (struct sockaddr *)&address, &size) < 0) die("getsockname");
    signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* it never outlives the bench */
#endif
    printf("127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

/* A client on a non-blocking listener, itself non-blocking; -1 when nobody is there. */
static inline int next_client(int from) {
    int fd;
    while ((fd = accept4(from, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd < FDS) return fd;
        close(fd);
    }
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) die("accept4");
    return -1;
}

static inline void drop(int fd) {
    free(pending[fd].data);
    memset(&pending[fd], 0, sizeof pending[fd]);
    close(fd);
}

/* recv, send. What finds no room is kept. */
static inline enum went answer(int fd) {
    static char buffer[CHUNK];
    ssize_t got = recv(fd, buffer, sizeof buffer, 0), sent = 0;
    if (got == 0) return OVER;
    if (got < 0) return errno == EAGAIN || errno == EINTR ? NOTHING : OVER;
    while (sent < got) {
        ssize_t n = send(fd, buffer + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (n >= 0) {
            sent += n;
        } else if (errno == EAGAIN) {
            if (!pending[fd].data && !(pending[fd].data = malloc(CHUNK))) die("malloc");
            pending[fd].from = 0;
            pending[fd].to = (size_t)(got - sent);
            memcpy(pending[fd].data, buffer + sent, pending[fd].to);
            return FULL;
        } else if (errno != EINTR) {
            return OVER;
        }
    }
    return BYTES;
}

static inline int waits(int fd) { return pending[fd].from < pending[fd].to; }

/* send what was kept. */
static inline enum went flush(int fd) {
    while (waits(fd)) {
        ssize_t n = send(fd, pending[fd].data + pending[fd].from, pending[fd].to - pending[fd].from, MSG_NOSIGNAL);
        if (n >= 0) pending[fd].from += (size_t)n;
        else if (errno == EAGAIN) return FULL;
        else if (errno != EINTR) return OVER;
    }
    return BYTES;
}

/* Serves one client on a blocking socket to its end. */
static inline void converse(int fd) {
    char buffer[CHUNK];
    ssize_t got;
    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0) {
        for (ssize_t sent = 0; sent < got;) {
            ssize_t n = send(fd, buffer + sent, (size_t)(got - sent), MSG_NOSIGNAL);
            if (n < 0) goto over;
            sent += n;
        }
    }
over:
    close(fd);
}
