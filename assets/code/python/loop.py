

# --- model: {{MODEL_TITLE}} {{RULE}}


%if clients
clients = {}  # by descriptor
%end
server = open_socket()
server.setblocking(False)
%if stuck
unread = []  # connections that are kept and never read


%else


class Client:
    """One connection. It is read, or, while something waits to be sent, written: never both."""

    def __init__(self, sock{{PEER_ARG}}):
        self.sock = sock
%if named
        self.name = {{NAME}}
%end
        self.out = b""  # said, and not yet with the kernel
        self.is_leaving = False
%if pauses
        self.due = 0.0  # when its pause is over
%end
%if half_closing
        self.is_half_closing = False
%end
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
        self.out += data
        self.flush()
%end
%if chat

    def post(self, data):
        """Says something on another's behalf. A member that does not read is thrown out."""
        if len(self.out) + len(data) <= MAX_WAITING:
            self.say(data)
        else:
            self.out, self.is_leaving = b"", True
            try:
                self.sock.shutdown(socket.SHUT_RDWR)  # makes it ready, so that the loop drops it
            except OSError:
                pass  # it is gone already
%end

    def flush(self):
        """Gives the kernel what it takes now. What it does not take goes when the socket is writable again."""
%if pauses
        if self.due:
            return
%end
        try:
            self.out = self.out[self.sock.send(self.out) :] if self.out else b""
        except BlockingIOError:
            pass  # EAGAIN: its buffer is full
        except OSError:
            self.out, self.is_leaving = b"", True  # ECONNRESET, EPIPE
%if half_closing
        if self.is_half_closing and not self.out:
            self.is_half_closing = False
            self.sock.shutdown(socket.SHUT_WR)  # FIN: the peer's recv returns 0, and it may still send
%end
%if kernel_list
        update(self)
%end

    def leave(self):
        self.is_leaving = True  # once all is sent
%if pauses

    def pause(self, seconds):
        self.due = time.monotonic() + seconds
%if kernel_list
        update(self)
%end
%end
%if half_closing

    def half_close(self):
        self.is_half_closing = True
        self.flush()
%end
%if resets

    def reset(self):
        # With a linger time of zero close sends RST, and the peer sees ECONNRESET.
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.out, self.is_leaving = b"", True
%end


%end
