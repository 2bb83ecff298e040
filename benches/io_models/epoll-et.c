/* epoll, edge-triggered: each change is told once, so each is followed by recv and send until EAGAIN. */
#include "common.h"
#include <sys/epoll.h>

static int epoll_fd;

static void watch(int fd, unsigned events) {
    struct epoll_event event = {.events = events | EPOLLET, .data.fd = fd};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) die("epoll_ctl");
}

int main(void) {
    struct epoll_event events[256];
    int server = listener(O_NONBLOCK), fd;
    if ((epoll_fd = epoll_create1(EPOLL_CLOEXEC)) < 0) die("epoll_create1");
    watch(server, EPOLLIN);
    for (;;) {
        int ready = epoll_wait(epoll_fd, events, 256, -1);
        if (ready < 0 && errno != EINTR) die("epoll_wait");
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == server) {
                while ((fd = next_client(server)) >= 0) watch(fd, EPOLLIN | EPOLLOUT);
                continue;
            }
            fd = events[i].data.fd;
            enum went went = flush(fd);
            while (went == BYTES) went = answer(fd);
            if (went == OVER) drop(fd);
        }
    }
}
