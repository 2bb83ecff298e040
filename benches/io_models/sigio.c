/* Signal-driven: a queued signal tells of each change and names its descriptor; each is followed by recv until EAGAIN. */
#include "common.h"
#include <poll.h>
#include <sys/syscall.h>

static struct pollfd fds[FDS];

static void arm(int fd) {
    struct f_owner_ex owner = {.type = F_OWNER_TID, .pid = (pid_t)syscall(SYS_gettid)};
    if (fcntl(fd, F_SETOWN_EX, &owner) < 0 || fcntl(fd, F_SETSIG, SIGRTMIN) < 0) die("fcntl");
    if (fcntl(fd, F_SETFL, O_NONBLOCK | O_ASYNC) < 0) die("fcntl");
}

static void serve(int server, int fd) {
    enum went went;
    if (fd == server) {
        while ((fd = next_client(server)) >= 0) {
            arm(fd);
            fds[fd] = (struct pollfd){.fd = fd, .events = POLLIN};
            serve(server, fd); /* what came before it was armed is not told */
        }
        return;
    }
    if (fd < 0 || fds[fd].fd != fd) return; /* a late signal */
    went = flush(fd);
    while (went == BYTES) went = answer(fd);
    if (went == OVER) {
        fds[fd].fd = -1;
        drop(fd);
    }
}

int main(void) {
    sigset_t set;
    int server;
    for (int i = 0; i < FDS; i++) fds[i].fd = -1;
    sigemptyset(&set);
    sigaddset(&set, SIGIO);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    server = listener(O_NONBLOCK);
    arm(server);
    serve(server, server);
    for (;;) {
        siginfo_t info;
        int signal = sigwaitinfo(&set, &info);
        if (signal == SIGIO) { /* the queue was full: look at everything */
            serve(server, server);
            for (int fd = 0; fd < FDS; fd++) serve(server, fds[fd].fd);
        } else if (signal > 0) {
            serve(server, info.si_fd);
        } else if (errno != EINTR) {
            die("sigwaitinfo");
        }
    }
}
