
/* --- model: {{MODEL_TITLE}} {{RULE}} */
%if !stuck

/* One connection. */
struct client {
    int fd;
    int is_leaving;
%if named
    char name[64];
%end
%if is_done
    int is_done;
%end
%if rest
    struct buffer rest;
%end
%if cuts
    struct buffer unread;
%end
%if chat_lock
    struct client *next;
%end
};
%if chat_lock

static struct client *members;
static pthread_mutex_t members_lock = PTHREAD_MUTEX_INITIALIZER;
%end
%if says !chat

static void say(struct client *client, const char *data, size_t length)
{
    /* send may take only a part, and goes on after a signal. MSG_NOSIGNAL: a peer that is gone is an error and no SIGPIPE. */
    while (length > 0) {
        ssize_t sent = send(client->fd, data, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            perror("send"); /* such as ECONNRESET or EPIPE: it ends this client alone */
            client->is_leaving = 1;
            return;
        }
        data += sent;
        length -= sent;
    }
}
%end
%if chat_lock

/* Says something on another's behalf. Nobody waits for a member that does not read: it is thrown out, and its own thread notices. */
static void post(struct client *client, const char *data, size_t length)
{
    if (send(client->fd, data, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length)
        shutdown(client->fd, SHUT_RDWR);
}
%end
%if leaves

static void leave(struct client *client)
{
    client->is_leaving = 1;
}
%end
%if pauses

static void rest_for(struct client *client, int ms)
{
    (void)client; /* who serves one client at a time may simply sleep */
    pause_for(ms * 1000LL);
}
%end
%if half_closing

static void half_close(struct client *client)
{
    shutdown(client->fd, SHUT_WR); /* FIN: the peer's recv returns 0, and it may still send */
}
%end
%if resets

static void reset(struct client *client)
{
    /* With a linger time of zero close sends RST, and the peer sees ECONNRESET. */
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    client->is_leaving = 1;
}
%end
%end
