/* select: the three sets; write interest only while bytes wait. */
#include "common.h"
#include <sys/select.h>

int main(void) {
    int server = listener(O_NONBLOCK), most = server, fd;
    fd_set reads, writes;
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_SET(server, &reads);
    for (;;) {
        fd_set readable = reads, writable = writes;
        int ready = select(most + 1, &readable, &writable, NULL, NULL);
        if (ready < 0 && errno != EINTR) die("select");
        for (fd = 0; ready > 0 && fd <= most; fd++) {
            int can_read = FD_ISSET(fd, &readable), can_write = FD_ISSET(fd, &writable);
            if (!can_read && !can_write) continue;
            ready--;
            if (fd == server) {
                int client;
                while ((client = next_client(server)) >= 0) {
                    if (client >= FD_SETSIZE) {
                        close(client);
                        continue;
                    }
                    FD_SET(client, &reads);
                    if (client > most) most = client;
                }
                continue;
            }
            enum went went = can_write ? flush(fd) : answer(fd);
            if (went == FULL) {
                FD_CLR(fd, &reads);
                FD_SET(fd, &writes);
            } else if (went == OVER) {
                FD_CLR(fd, &reads);
                FD_CLR(fd, &writes);
                drop(fd);
            } else if (can_write) {
                FD_CLR(fd, &writes);
                FD_SET(fd, &reads);
            }
        }
    }
}
