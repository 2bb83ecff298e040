/* Blocking: one thread accepts into a bounded queue, n workers (the first argument) serve each client to its end. */
#include "common.h"
#include <pthread.h>

enum { QUEUE = 64 };

static int queue[QUEUE], first, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;

static void *work(void *unused) {
    for (;;) {
        pthread_mutex_lock(&lock);
        while (!count) pthread_cond_wait(&filled, &lock);
        int fd = queue[first];
        first = (first + 1) % QUEUE;
        count--;
        pthread_cond_signal(&emptied);
        pthread_mutex_unlock(&lock);
        converse(fd);
    }
    return unused;
}

int main(int argc, char **argv) {
    int workers = argc > 1 ? atoi(argv[1]) : 4, server, fd;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 192 << 10);
    for (int i = 0; i < workers; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &attributes, work, NULL)) die("pthread_create");
    }
    server = listener(0);
    while ((fd = accept(server, NULL, NULL)) >= 0) {
        pthread_mutex_lock(&lock);
        while (count == QUEUE) pthread_cond_wait(&emptied, &lock);
        queue[(first + count++) % QUEUE] = fd;
        pthread_cond_signal(&filled);
        pthread_mutex_unlock(&lock);
    }
    die("accept");
}
