/* Blocking, a thread per connection. */
#include "common.h"
#include <pthread.h>

static void *work(void *fd) {
    converse((int)(long)fd);
    return NULL;
}

int main(void) {
    int server = listener(0), fd;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 192 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    while ((fd = accept(server, NULL, NULL)) >= 0) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, work, (void *)(long)fd)) close(fd);
    }
    die("accept");
}
