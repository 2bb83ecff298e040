%if clients

/* Gives the kernel what it takes now. What it does not take goes when the socket is writable again. */
static void flush(struct client *client)
{
%if pauses
    if (client->due != 0)
        return;
%end
    while (client->out.length > 0) {
        ssize_t sent = send(client->fd, client->out.bytes, client->out.length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break; /* its buffer is full */
        if (sent < 0) { /* ECONNRESET, EPIPE; without MSG_NOSIGNAL it would be the signal SIGPIPE */
            client->out.length = 0;
            client->is_leaving = 1;
            break;
        }
        take_off(&client->out, sent);
    }
%if half_closing
    if (client->is_half_closing && client->out.length == 0) {
        client->is_half_closing = 0;
        shutdown(client->fd, SHUT_WR); /* FIN: the peer's recv returns 0, and it may still send */
    }
%end
%if kernel_list
    update(client);
%end
}
%if says

static void say(struct client *client, const char *data, size_t length)
{
    append(&client->out, data, length);
    flush(client);
}
%end
%if chat

/* Says something on another's behalf. A member that does not read is thrown out. */
static void post(struct client *client, const char *data, size_t length)
{
    if (client->out.length + length <= MAX_WAITING) {
        say(client, data, length);
        return;
    }
    client->out.length = 0;
    client->is_leaving = 1;
    shutdown(client->fd, SHUT_RDWR); /* makes it ready, so that the loop drops it */
}
%end
%if leaves

static void leave(struct client *client)
{
    client->is_leaving = 1;
}
%end
%if pauses

/* It is neither read nor written for a while; the others are. */
static void rest_for(struct client *client, int ms)
{
    client->due = now_ms() + ms;
%if kernel_list
    update(client);
%end
}
%end
%if half_closing

static void half_close(struct client *client)
{
    client->is_half_closing = 1;
    flush(client);
}
%end
%if resets

static void reset(struct client *client)
{
    /* With a linger time of zero close sends RST, and the peer sees ECONNRESET. */
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };
    setsockopt(client->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    client->out.length = 0;
    client->is_leaving = 1;
}
%end
%end
