

%if select
def wait({{WAIT_PARAM}}):
    """Sleeps until some sockets are ready, and answers them. The sets are made anew each time; select(2) takes descriptors below 1024."""
%if clients
%if endless
    reading, writing = [server], [client.sock for client in clients.values()]
%else
    reading = [server] + [client.sock for client in clients.values() if not client.out{{AWAKE}}]
    writing = [client.sock for client in clients.values() if client.out{{AWAKE}}]
%end
    can_read, can_write, _ = select.select(reading, writing, []{{TIMEOUT_ARG}})
    return [sock.fileno() for sock in can_read + can_write]
%else
    can_read, _, _ = select.select([server], [], []{{TIMEOUT_ARG}})
    return [sock.fileno() for sock in can_read]
%end
%end
%if poll
def wait({{WAIT_PARAM}}):
    """Sleeps until some sockets are ready, and answers them. The list is made anew each time."""
    poller = select.poll()
    poller.register(server, select.POLLIN)
%if clients
    for client in clients.values():
%if pauses
        if not client.due:
            poller.register(client.sock, select.POLLOUT if client.out else select.POLLIN)
%else
%if endless
        poller.register(client.sock, select.POLLOUT)
%else
        poller.register(client.sock, select.POLLOUT if client.out else select.POLLIN)
%end
%end
%end
%if timed
    return [fd for fd, _ in poller.poll(None if timeout is None else timeout * 1000)]
%else
    return [fd for fd, _ in poller.poll()]
%end
%end
%if epoll-lt
epoll = select.epoll()  # the kernel keeps the list
epoll.register(server, select.EPOLLIN)


%if clients
def watch(client):
    epoll.register(client.sock, select.{{FIRST_INTEREST}})  # closing it takes it off the list


%if kernel_list
def update(client):
    """Level-triggered: whoever is ready is told of again and again, so nothing is asked for that is not wanted now."""
%if pauses
    wanted = 0 if client.due else select.EPOLLOUT if client.out else select.EPOLLIN
    epoll.modify(client.sock, wanted)
%else
    epoll.modify(client.sock, select.EPOLLOUT if client.out else select.EPOLLIN)
%end


%end
%end
def wait({{WAIT_PARAM}}):
    """Sleeps until some sockets are ready, and answers these alone."""
    return [fd for fd, _ in epoll.poll({{WAIT_PARAM}})]
%end
%if epoll-et
epoll = select.epoll()  # the kernel keeps the list
epoll.register(server, select.EPOLLIN | select.EPOLLET)


%if clients
def watch(client):
    """Edge-triggered: told once for each change, so both are asked for once, and who is told goes on until EAGAIN."""
    epoll.register(client.sock, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)


%end
def wait({{WAIT_PARAM}}):
    """Sleeps until something changes on some sockets, and answers these alone."""
    return [fd for fd, _ in epoll.poll({{WAIT_PARAM}})]
%end
%if kqueue
kqueue = select.kqueue()  # the kernel keeps the list
kqueue.control([select.kevent(server, select.KQ_FILTER_READ, select.KQ_EV_ADD)], 0)


%if clients
def watch(client):
%if endless
    kqueue.control([select.kevent(client.sock, select.KQ_FILTER_WRITE, select.KQ_EV_ADD)], 0)
%else
    for kind in (select.KQ_FILTER_READ, select.KQ_FILTER_WRITE):
        kqueue.control([select.kevent(client.sock, kind, select.KQ_EV_ADD)], 0)
    update(client)
%end


%if kernel_list
def update(client):
    """Nothing is asked for that is not wanted now."""
    reads, writes = not client.out{{AWAKE_OF_CLIENT}}, bool(client.out){{AWAKE_OF_CLIENT}}
    for kind, wanted in ((select.KQ_FILTER_READ, reads), (select.KQ_FILTER_WRITE, writes)):
        change = select.KQ_EV_ENABLE if wanted else select.KQ_EV_DISABLE
        kqueue.control([select.kevent(client.sock, kind, change)], 0)


%end
%end
def wait({{WAIT_PARAM}}):
    """Sleeps until some sockets are ready, and answers these alone."""
    return [event.ident for event in kqueue.control(None, 64{{TIMEOUT_ARG}})]
%end
%if busy-poll
def wait({{WAIT_UNUSED}}):
    """Never sleeps: all sockets may be ready, and each call answers at once, mostly with EAGAIN. It costs a whole core."""
%if busy_pause
    time.sleep(BUSY_PAUSE)
%end
%if clients
    return [server.fileno(), *clients]
%else
    return [server.fileno()]
%end
%end
%if sigio
# Blocked, the signal waits until it is asked for instead of interrupting.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})


def send_signals(sock):
    """From now on each change on this socket sends SIGIO to this process (fcntl(2), O_ASYNC)."""
    fcntl.fcntl(sock, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sock, fcntl.F_SETFL, fcntl.fcntl(sock, fcntl.F_GETFL) | os.O_ASYNC)


send_signals(server)
signal.raise_signal(signal.SIGIO)  # what came before tells no signal: one of our own begins the first round
%if clients


def watch(client):
    send_signals(client.sock)
%end


def wait({{WAIT_PARAM}}):
    """Sleeps until a signal comes. It does not say which socket, and several count as one: all are asked until EAGAIN."""
%if timed
    if timeout is None:
        signal.sigwait({signal.SIGIO})
    else:
        signal.sigtimedwait({signal.SIGIO}, timeout)
%else
    signal.sigwait({signal.SIGIO})
%end
%if clients
    return [server.fileno(), *clients]
%else
    return [server.fileno()]
%end
%end
