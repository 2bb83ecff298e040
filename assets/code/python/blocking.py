

# --- model: {{MODEL_TITLE}} {{RULE}}


class Client:
    """One connection."""

    def __init__(self, sock{{PEER_ARG}}):
        self.sock = sock
%if named
        self.name = {{NAME}}
%end
        self.is_leaving = False
%if rest
        self.rest = b""
%end
%if is_done
        self.is_done = False
%end
%if framed
        self.unread = b""
%end
%if says

    def say(self, data):
        self.sock.sendall(data)  # send may take only a part; sendall goes on until all is with the kernel
%end
%if chat

    def post(self, data):
        """Says something on another's behalf. Nobody waits for a member that does not read: it is thrown out."""
        try:
            taken = self.sock.send(data, socket.MSG_DONTWAIT)
        except OSError:
            taken = 0
        if taken < len(data):
            try:
                self.sock.shutdown(socket.SHUT_RDWR)  # its own thread notices
            except OSError:
                pass  # it is gone already
%end
%if leaves

    def leave(self):
        self.is_leaving = True
%end
%if pauses

    def pause(self, seconds):
        time.sleep(seconds)
%end
%if half_closing

    def half_close(self):
        self.sock.shutdown(socket.SHUT_WR)  # FIN: the peer's recv returns 0, and it may still send
%end
%if resets

    def reset(self):
        # With a linger time of zero close sends RST, and the peer sees ECONNRESET.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.is_leaving = True
%end


def serve(sock{{PEER_ARG}}):
    """One connection from its first byte to its last. Every call here may sleep."""
%if stuck
    with sock:
        while True:
            time.sleep(3600)  # never reads: what the peer sends stays in the kernel until its buffers are full
%else
%if nodelay
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small segments leave at once
%end
%if idle
    sock.settimeout(IDLE)
%end
    client = Client(sock{{PEER_ARG}})
    with sock:
        try:
%if opens
            on_open(client)
%end
%if endless
            while True:
                on_room(client)
%else
%if hears
            while not client.is_leaving:
                data = sock.recv(RECV_SIZE)
                if not data:  # the peer ended its side
%if until_close
                    on_end(client)
%end
                    break
                {{HEAR}}(client, data)
%end
%end
        except OSError as error:
            print(f"connection lost: {error}", flush=True)  # such as ECONNRESET or EPIPE: it ends this client alone
%end
%if chat
    on_gone(client)
%end


%if processes
def reap(_signal, _frame):
    """Ended children stay as zombies until somebody asks for them. One signal may stand for several."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            pass
    except ChildProcessError:
        pass


%end
def main():
    server = open_socket()
%if iterative
    while True:
        sock, {{PEER_VAR}} = server.accept()
        serve(sock{{PEER_ARG}})  # until it has left, everybody else waits in the queue of listen
%if paced
        time.sleep(ACCEPT_PAUSE)
%end
%end
%if threads
    while True:
        sock, {{PEER_VAR}} = server.accept()
        threading.Thread(target=serve, args=({{SERVE_ARGS}}), daemon=True).start()
%if paced
        time.sleep(ACCEPT_PAUSE)
%end
%end
%if thread-pool
    pool = ThreadPoolExecutor(WORKERS)  # so many are served at once; further ones are accepted and wait in its queue
    while True:
        sock, {{PEER_VAR}} = server.accept()
        pool.submit(serve, sock{{PEER_ARG}})
%if paced
        time.sleep(ACCEPT_PAUSE)
%end
%end
%if processes
    signal.signal(signal.SIGCHLD, reap)
    while True:
        sock, {{PEER_VAR}} = server.accept()
        if os.fork() == 0:
            server.close()  # the child's copy of the descriptor
            serve(sock{{PEER_ARG}})
            os._exit(0)
        sock.close()  # the parent's copy: the connection ends only when both are closed
%if paced
        time.sleep(ACCEPT_PAUSE)
%end
%end
