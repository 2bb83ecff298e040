%if clients select|poll !endless

static int wants_to_write(const struct client *client)
{
    return client->out.length > 0;
}
%end
%if select

/* Sleeps until some sockets are ready, and says which. The sets are made anew each time; select(2) takes descriptors below 1024. */
static int wait_ready(int *ready{{TIMEOUT_PARAM}})
{
    fd_set readable, writable;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_SET(server, &readable);
    int top = server;
%if clients
    for (int fd = 0; fd < MAX_FD; fd++) {
        if (clients[fd] == NULL{{OR_PAUSED}})
            continue;
%if endless
        FD_SET(fd, &writable);
%else
        FD_SET(fd, wants_to_write(clients[fd]) ? &writable : &readable);
%end
        if (fd > top)
            top = fd;
    }
%end
%if timed
    struct timeval time = { timeout_ms / 1000, timeout_ms % 1000 * 1000 };
    if (select(top + 1, &readable, &writable, NULL, timeout_ms < 0 ? NULL : &time) < 0) {
%else
    if (select(top + 1, &readable, &writable, NULL, NULL) < 0) {
%end
        if (errno != EINTR)
            die("select");
        return 0;
    }
    int count = 0;
    for (int fd = 0; fd <= top; fd++)
        if (FD_ISSET(fd, &readable) || FD_ISSET(fd, &writable))
            ready[count++] = fd;
    return count;
}
%end
%if poll

/* Sleeps until some sockets are ready, and says which. The list is made anew each time. */
static int wait_ready(int *ready{{TIMEOUT_PARAM}})
{
%if clients
    static struct pollfd list[MAX_FD];
    int size = 0;
    list[size++] = (struct pollfd){ .fd = server, .events = POLLIN };
    for (int fd = 0; fd < MAX_FD; fd++)
        if (clients[fd] != NULL{{AND_NOT_PAUSED}})
%if endless
            list[size++] = (struct pollfd){ .fd = fd, .events = POLLOUT };
%else
            list[size++] = (struct pollfd){ .fd = fd, .events = wants_to_write(clients[fd]) ? POLLOUT : POLLIN };
%end
%else
    struct pollfd list[] = { { .fd = server, .events = POLLIN } };
    int size = 1;
%end
    if (poll(list, size, {{TIMEOUT_MS}}) < 0) {
        if (errno != EINTR)
            die("poll");
        return 0;
    }
    int count = 0;
    for (int i = 0; i < size; i++)
        if (list[i].revents != 0)
            ready[count++] = list[i].fd;
    return count;
}
%end
%if epoll-lt|epoll-et

static int epoll; /* the kernel keeps the list */

static void begin_waiting(void)
{
    epoll = epoll_create1(0);
    if (epoll < 0)
        die("epoll_create1");
    struct epoll_event event = { .events = {{SERVER_EVENTS}}, .data.fd = server };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, server, &event) < 0)
        die("epoll_ctl");
}
%if clients

%if epoll-et
/* Edge-triggered: told once for each change, so both are asked for once, and who is told goes on until EAGAIN. */
%end
static void watch(struct client *client)
{
    struct epoll_event event = { .events = {{FIRST_EVENTS}}, .data.fd = client->fd };
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, client->fd, &event) < 0) /* closing it takes it off the list */
        die("epoll_ctl");
}
%end
%if kernel_list

/* Level-triggered: whoever is ready is told of again and again, so nothing is asked for that is not wanted now. */
static void update(struct client *client)
{
    struct epoll_event event = { .events = client->out.length > 0 ? EPOLLOUT : EPOLLIN, .data.fd = client->fd };
%if pauses
    if (client->due != 0)
        event.events = 0;
%end
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, client->fd, &event) < 0)
        die("epoll_ctl");
}
%end

/* Sleeps until some sockets are ready, and says which: these alone. */
static int wait_ready(int *ready{{TIMEOUT_PARAM}})
{
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, {{TIMEOUT_MS}});
    if (count < 0 && errno != EINTR)
        die("epoll_wait");
    for (int i = 0; i < count; i++)
        ready[i] = events[i].data.fd;
    return count;
}
%end
%if kqueue

static int queue; /* the kernel keeps the list */

static void change(int fd, int filter, int flags)
{
    struct kevent event;
    EV_SET(&event, fd, filter, flags, 0, 0, NULL);
    if (kevent(queue, &event, 1, NULL, 0, NULL) < 0)
        die("kevent");
}

static void begin_waiting(void)
{
    queue = kqueue();
    if (queue < 0)
        die("kqueue");
    change(server, EVFILT_READ, EV_ADD);
}
%if kernel_list

/* Nothing is asked for that is not wanted now. */
static void update(struct client *client)
{
    int reads = client->out.length == 0{{AWAKE}}, writes = client->out.length > 0{{AWAKE}};
    change(client->fd, EVFILT_READ, reads ? EV_ENABLE : EV_DISABLE);
    change(client->fd, EVFILT_WRITE, writes ? EV_ENABLE : EV_DISABLE);
}
%end
%if clients

static void watch(struct client *client)
{
%if !endless
    change(client->fd, EVFILT_READ, EV_ADD);
%end
    change(client->fd, EVFILT_WRITE, EV_ADD);
%if kernel_list
    update(client);
%end
}
%end

/* Sleeps until some sockets are ready, and says which: these alone. */
static int wait_ready(int *ready{{TIMEOUT_PARAM}})
{
    struct kevent events[64];
%if timed
    struct timespec time = { timeout_ms / 1000, timeout_ms % 1000 * 1000000 };
    int count = kevent(queue, NULL, 0, events, 64, timeout_ms < 0 ? NULL : &time);
%else
    int count = kevent(queue, NULL, 0, events, 64, NULL);
%end
    if (count < 0 && errno != EINTR)
        die("kevent");
    for (int i = 0; i < count; i++)
        ready[i] = events[i].ident;
    return count;
}
%end
%if busy-poll|sigio
%if sigio

/* From now on each change on this socket sends SIGIO to this process (fcntl(2), O_ASYNC). */
static void send_signals(int fd)
{
    if (fcntl(fd, F_SETOWN, getpid()) < 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC) < 0)
        die("fcntl");
}
%if clients

static void watch(struct client *client)
{
    send_signals(client->fd);
}
%end

static sigset_t io_signal;

static void begin_waiting(void)
{
    /* Blocked, the signal waits until it is asked for instead of interrupting. */
    sigemptyset(&io_signal);
    sigaddset(&io_signal, SIGIO);
    sigprocmask(SIG_BLOCK, &io_signal, NULL);
    send_signals(server);
    raise(SIGIO); /* what came before tells no signal: one of our own begins the first round */
}
%end

%if sigio
/* Sleeps until a signal comes. It does not say which socket, and several count as one: all are asked until EAGAIN. */
%else
/* Never sleeps: all sockets may be ready, and each call answers at once, mostly with EAGAIN. It costs a whole core. */
%end
static int wait_ready(int *ready{{TIMEOUT_PARAM}})
{
%if sigio
%if timed
    struct timespec time = { timeout_ms / 1000, timeout_ms % 1000 * 1000000 };
    if (timeout_ms < 0)
        sigwaitinfo(&io_signal, NULL);
    else
        sigtimedwait(&io_signal, NULL, &time);
%else
    sigwaitinfo(&io_signal, NULL);
%end
%else
%if timed
    (void)timeout_ms;
%end
%if busy_pause
    pause_for(BUSY_PAUSE_US);
%end
%end
    int count = 0;
    ready[count++] = server;
%if clients
    for (int fd = 0; fd < MAX_FD; fd++)
        if (clients[fd] != NULL)
            ready[count++] = fd;
%end
    return count;
}
%end
