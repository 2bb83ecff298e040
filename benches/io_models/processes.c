/* Blocking, a process per connection: fork. */
#include "common.h"

int main(void) {
    int server = listener(0), fd;
    signal(SIGCHLD, SIG_IGN); /* children leave no zombies: wait(2), NOTES */
    while ((fd = accept(server, NULL, NULL)) >= 0) {
        pid_t child = fork();
        if (child == 0) {
            close(server);
            converse(fd);
            _exit(0);
        }
        close(fd);
    }
    die("accept");
}
