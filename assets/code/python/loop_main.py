

def accept_client():
    """Whether somebody was there."""
    try:
        sock, {{PEER_VAR}} = server.accept()
    except (BlockingIOError, ConnectionAbortedError):
        return False  # nobody, or gone again before we came
%if stuck
    unread.append(sock)  # what it sends stays in the kernel until its buffers are full
%else
    sock.setblocking(False)
%if nodelay
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small segments leave at once
%end
    client = Client(sock{{PEER_ARG}})
    clients[sock.fileno()] = client
%if watched
    watch(client)
%end
%if opens
    on_open(client)
%end
%if endless
    on_room(client)
%end
%if sigio
    on_ready(client)  # what came before the signals were on, no signal tells
%else
    drop_if_over(client)
%end
%end
    return True
%if !stuck


def on_ready(client):
    """Sends what waits, or reads."""
%if pauses
    if client.due:
%if epoll-lt
        # Nothing was asked for, so only EPOLLHUP or EPOLLERR can be told: the peer is gone.
        client.due, client.out, client.is_leaving = 0.0, b"", True
        drop_if_over(client)
%end
        return
%end
    if client.out:
        client.flush()
%if endless
    {{WHILE}} not client.out and not client.is_leaving:
        on_room(client)
%end
%if hears
    {{WHILE}} not client.out and not client.is_leaving{{AWAKE_OF_CLIENT}}:
        try:
            data = client.sock.recv(RECV_SIZE)
        except BlockingIOError:
            return  # EAGAIN: nothing is there (any more)
        except OSError:
            data = b""  # ECONNRESET
        if data:
            {{HEAR}}(client, data)
        else:
%if until_close
            on_end(client)
%end
            client.leave()  # the peer ended its side
%end
    drop_if_over(client)


def drop_if_over(client):
    if client.is_leaving and not client.out{{AWAKE_OF_CLIENT}}:
        del clients[client.sock.fileno()]
        client.sock.close()
%if chat
        on_gone(client)
%end
%end
%if pauses


def next_due():
    """How long the wait may last: until the first pause is over."""
    due = [client.due for client in clients.values() if client.due]
    return max(0.0, min(due) - time.monotonic()) if due else None


def end_pauses():
    for client in list(clients.values()):
        if client.due and client.due <= time.monotonic():
            client.due = 0.0
            client.flush()
%if edge
            on_ready(client)  # what came meanwhile was told of then, and never again
%else
            drop_if_over(client)
%end
%end


def main():
    while True:
        for fd in wait({{TIMEOUT}}):
            if fd == server.fileno():
%if edge !accept_once
                while accept_client():
                    pass  # one event may stand for several clients
%else
                accept_client()
%end
%if !stuck
            elif fd in clients:  # it may have been dropped since
                on_ready(clients[fd])
%end
%if pauses
        end_pauses()
%end
