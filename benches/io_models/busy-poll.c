/* Non-blocking: every socket is asked again and again. */
#include "common.h"

int main(void) {
    static int clients[FDS];
    int server = listener(O_NONBLOCK), count = 0, fd;
    for (;;) {
        while ((fd = next_client(server)) >= 0) clients[count++] = fd;
        for (int i = 0; i < count; i++) {
            fd = clients[i];
            enum went went = waits(fd) ? flush(fd) : BYTES;
            if (went == BYTES) went = answer(fd);
            if (went == OVER) {
                drop(fd);
                clients[i--] = clients[--count];
            }
        }
    }
}
