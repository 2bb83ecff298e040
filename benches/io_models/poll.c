/* poll: one array of descriptors; write interest only while bytes wait. */
#include "common.h"
#include <poll.h>

int main(void) {
    static struct pollfd fds[FDS];
    int server = listener(O_NONBLOCK), count = 1, fd;
    fds[0] = (struct pollfd){.fd = server, .events = POLLIN};
    for (;;) {
        int ready = poll(fds, (nfds_t)count, -1);
        if (ready < 0 && errno != EINTR) die("poll");
        for (int i = count - 1; ready > 0 && i >= 0; i--) {
            if (!fds[i].revents) continue;
            ready--;
            if (i == 0) {
                while ((fd = next_client(server)) >= 0) fds[count++] = (struct pollfd){.fd = fd, .events = POLLIN};
                continue;
            }
            enum went went = fds[i].revents & POLLOUT ? flush(fds[i].fd) : answer(fds[i].fd);
            if (went == OVER) {
                drop(fds[i].fd);
                fds[i] = fds[--count];
            } else {
                fds[i].events = went == FULL ? POLLOUT : POLLIN;
            }
        }
    }
}
