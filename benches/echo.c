/* The yardstick of echo.rs: a TCP echo server of plain calls on one thread, epoll(7), level-triggered, nothing else.
 * Prints the port it got on 127.0.0.1, ends when its standard input is closed. Linux only.
 * A peer that does not take its answers is not read from until it does. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 65536, EVENTS = 256, FDS = 65536 };

static struct { char *data; size_t from, to; } pending[FDS];
static int epoll_fd;

static void die(const char *call) {
    perror(call);
    exit(1);
}

static void watch(int op, int fd, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, op, fd, &event) < 0) die("epoll_ctl");
}

static void drop(int fd) {
    free(pending[fd].data);
    memset(&pending[fd], 0, sizeof pending[fd]);
    close(fd);
}

static void greet(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= FDS) {
            close(fd);
            continue;
        }
        watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }
    if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR) die("accept4");
}

static void answer(int fd) {
    static char buffer[CHUNK];
    ssize_t got = recv(fd, buffer, sizeof buffer, 0), sent = 0;
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR)) drop(fd);
        return;
    }
    while (sent < got) {
        ssize_t n = send(fd, buffer + sent, (size_t)(got - sent), MSG_NOSIGNAL);
        if (n >= 0) {
            sent += n;
        } else if (errno == EAGAIN) {
            if (!pending[fd].data && !(pending[fd].data = malloc(CHUNK))) die("malloc");
            pending[fd].from = 0;
            pending[fd].to = (size_t)(got - sent);
            memcpy(pending[fd].data, buffer + sent, pending[fd].to);
            watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
            return;
        } else if (errno != EINTR) {
            drop(fd);
            return;
        }
    }
}

static void flush(int fd) {
    while (pending[fd].from < pending[fd].to) {
        ssize_t n = send(fd, pending[fd].data + pending[fd].from, pending[fd].to - pending[fd].from, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EINTR) continue;
            if (errno != EAGAIN) drop(fd);
            return;
        }
        pending[fd].from += (size_t)n;
    }
    watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    struct epoll_event events[EVENTS];
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0) die("socket");
    if (bind(listener, (struct sockaddr *)&address, size) < 0) die("bind");
    if (listen(listener, 128) < 0) die("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &size) < 0) die("getsockname");
    if ((epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    watch(EPOLL_CTL_ADD, listener, EPOLLIN);
    watch(EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN);
    printf("127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(epoll_fd, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == STDIN_FILENO) return 0;
            if (fd == listener) greet(listener);
            else if (events[i].events & EPOLLOUT) flush(fd);
            else answer(fd);
        }
    }
}
