
static void set_nonblocking(int fd)
{
    if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
        die("fcntl");
}
%if clients

static void drop_if_over(struct client *client)
{
    if (!client->is_leaving || client->out.length > 0{{OR_IN_PAUSE}})
        return;
    clients[client->fd] = NULL;
    close(client->fd);
%if chat
    on_gone(client);
%end
    free(client->out.bytes);
%if rest
    free(client->rest.bytes);
%end
%if cuts
    free(client->unread.bytes);
%end
    free(client);
}
%end
%if sigio clients

static void on_ready(struct client *client);
%end

/* Whether somebody was there. */
static int accept_client(void)
{
    int fd = accept(server, NULL, NULL);
    if (fd < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ECONNABORTED))
        return 0; /* nobody, or gone again before we came */
    if (fd < 0)
        die("accept");
%if stuck
    return 1; /* kept and never read: what it sends stays in the kernel until its buffers are full */
%else
    if (fd >= MAX_FD) {
        fprintf(stderr, "descriptor %d is beyond the table: client turned away\n", fd);
        close(fd);
        return 1;
    }
    set_nonblocking(fd); /* accept does not inherit it */
%if nodelay
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* small segments leave at once */
%end
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        die("calloc");
    client->fd = fd;
%if named
    name_of(fd, client->name, sizeof client->name);
%end
    clients[fd] = client;
%if watched
    watch(client);
%end
%if opens
    on_open(client);
%end
%if endless
    on_room(client);
%end
%if sigio
    on_ready(client); /* what came before the signals were on, no signal tells */
%else
    drop_if_over(client);
%end
    return 1;
%end
}
%if clients

/* Sends what waits, or reads. */
static void on_ready(struct client *client)
{
%if pauses
    if (client->due != 0) {
%if epoll-lt
        /* Nothing was asked for, so only EPOLLHUP or EPOLLERR can be told: the peer is gone. */
        client->due = 0;
        client->out.length = 0;
        client->is_leaving = 1;
        drop_if_over(client);
%end
        return;
    }
%end
    flush(client);
%if endless
    {{WHILE}} (client->out.length == 0 && !client->is_leaving)
        on_room(client);
%end
%if hears
    {{WHILE}} (client->out.length == 0 && !client->is_leaving{{AWAKE}}) {
        char data[RECV_SIZE];
        ssize_t length = recv(client->fd, data, sizeof data, 0);
        if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            {{BREAK}} /* nothing is there (any more) */
        if (length > 0) {
            {{HEAR}}(client, data, length);
        } else { /* 0: the peer ended its side; -1: ECONNRESET */
%if until_close
            on_end(client);
%end
            client->is_leaving = 1;
        }
    }
%end
    drop_if_over(client);
}
%end
%if pauses clients

/* How long the wait may last: until the first pause is over. */
static int next_due(void)
{
    long long first = -1;
    for (int fd = 0; fd < MAX_FD; fd++)
        if (clients[fd] != NULL && clients[fd]->due != 0 && (first < 0 || clients[fd]->due < first))
            first = clients[fd]->due;
    long long now = now_ms();
    return first < 0 ? -1 : first > now ? first - now : 0;
}

static void end_pauses(void)
{
    for (int fd = 0; fd < MAX_FD; fd++) {
        struct client *client = clients[fd];
        if (client == NULL || client->due == 0 || client->due > now_ms())
            continue;
        client->due = 0;
%if edge
        on_ready(client); /* what came meanwhile was told of then, and never again */
%else
        flush(client);
        drop_if_over(client);
%end
    }
}
%end

int main(void)
{
    server = open_socket();
    set_nonblocking(server);
%if epoll-lt|epoll-et|kqueue|sigio
    begin_waiting();
%end
    for (;;) {
        static int ready[{{READY_SIZE}}];
        int count = wait_ready(ready{{TIMEOUT_ARG}});
        for (int i = 0; i < count; i++) {
            int fd = ready[i];
            if (fd == server)
%if edge !accept_once
                while (accept_client())
                    ; /* one event may stand for several clients */
%else
                accept_client();
%end
%if clients
            else if (clients[fd] != NULL) /* it may have been dropped since */
                on_ready(clients[fd]);
%end
        }
%if pauses clients
        end_pauses();
%end
    }
}
