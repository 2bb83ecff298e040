/* Blocking, one client at a time. */
#include "common.h"

int main(void) {
    int server = listener(0), fd;
    while ((fd = accept(server, NULL, NULL)) >= 0) converse(fd);
    die("accept");
}
