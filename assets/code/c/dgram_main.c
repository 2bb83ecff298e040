%if stuck

int main(void)
{
    open_socket();
    for (;;)
        pause(); /* never reads: datagrams wait in the kernel until its buffer is full, then they are lost */
}
%end
%if blocking !stuck

int main(void)
{
    server = open_socket();
    for (;;) {
        char data[RECV_SIZE];
        struct peer peer = { .size = sizeof peer.address };
        ssize_t length = recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&peer.address, &peer.size);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            die("recvfrom");
        on_datagram(data, length, &peer);
%if slow-reader
        pause_for(PAUSE_MS * 1000LL);
%end
    }
}
%end
%if loop !stuck

int main(void)
{
    server = open_socket();
    if (fcntl(server, F_SETFL, fcntl(server, F_GETFL) | O_NONBLOCK) < 0)
        die("fcntl");
%if epoll-lt|epoll-et|kqueue|sigio
    begin_waiting();
%end
    for (;;) {
        int ready[{{READY_SIZE}}];
        wait_ready(ready{{TIMEOUT_ARG}});
        for (;;) {
            char data[RECV_SIZE];
            struct peer peer = { .size = sizeof peer.address };
            ssize_t length = recvfrom(server, data, sizeof data, 0, (struct sockaddr *)&peer.address, &peer.size);
            if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                break; /* nothing is there (any more) */
            if (length < 0 && errno == EINTR)
                continue;
            if (length < 0)
                die("recvfrom");
            on_datagram(data, length, &peer);
%if slow-reader
            pause_for(PAUSE_MS * 1000LL); /* it is the only socket, so nobody else waits */
%end
        }
%if later
        say_what_is_due();
%end
    }
}
%end
