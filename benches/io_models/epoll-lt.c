/* epoll, level-triggered. */
#include "common.h"
#include <sys/epoll.h>

static int epoll_fd;

static void watch(int op, int fd, unsigned events) {
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll_fd, op, fd, &event) < 0) die("epoll_ctl");
}

int main(void) {
    struct epoll_event events[256];
    int server = listener(O_NONBLOCK), fd;
    if ((epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    watch(EPOLL_CTL_ADD, server, EPOLLIN);
    for (;;) {
        int ready = epoll_wait(epoll_fd, events, 256, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == server) {
                while ((fd = next_client(server)) >= 0) watch(EPOLL_CTL_ADD, fd, EPOLLIN);
                continue;
            }
            fd = events[i].data.fd;
            int had_room = events[i].events & EPOLLOUT;
            enum went went = had_room ? flush(fd) : answer(fd);
            if (went == OVER) drop(fd);
            else if (went == FULL && !had_room) watch(EPOLL_CTL_MOD, fd, EPOLLOUT);
            else if (went == BYTES && had_room) watch(EPOLL_CTL_MOD, fd, EPOLLIN);
        }
    }
}
