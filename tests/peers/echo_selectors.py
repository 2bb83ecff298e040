#!/usr/bin/env python3
"""An echo server of one thread and `selectors`, over every transport. It reads no more from a client that does not take
its answers, and answers what came before a half-close."""

import selectors
import socket
import sys

import peer

# Unsent answers of one client before we stop reading from it.
PENDING_MAX = 1 << 20


class Echo:
    """One stream connection."""

    def __init__(self, selector, sock):
        self.selector, self.sock = selector, sock
        self.pending, self.ended = bytearray(), False
        sock.setblocking(False)
        selector.register(sock, selectors.EVENT_READ, self)

    def ready(self, events):
        try:
            if events & selectors.EVENT_READ:
                data = self.sock.recv(65536)
                self.pending += data
                self.ended = not data
            if self.pending:
                del self.pending[: self.sock.send(self.pending)]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self.close()
            return
        wanted = 0
        if not self.ended and len(self.pending) < PENDING_MAX:
            wanted |= selectors.EVENT_READ
        if self.pending:
            wanted |= selectors.EVENT_WRITE
        if wanted:
            self.selector.modify(self.sock, wanted, self)
        else:
            self.close()

    def close(self):
        self.selector.unregister(self.sock)
        self.sock.close()


def main():
    parser = peer.server_arguments(__doc__)
    options = parser.parse_args()
    family, address = peer.resolve(options.transport, options.address, parser)
    stream = options.transport in ("tcp", "unix-stream")
    server = socket.socket(family, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
    try:
        if options.transport == "tcp" and sys.platform != "win32":
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        if stream:
            server.listen(options.backlog)
    except OSError as error:
        peer.fail(peer.FAILED, f"bind {options.address}: {error}")
    server.setblocking(False)
    # Standard input cannot be selected on Windows: a thread watches it and writes here.
    stop_here, stop_there = socket.socketpair()
    selector = selectors.DefaultSelector()
    selector.register(server, selectors.EVENT_READ, "server")
    selector.register(stop_here, selectors.EVENT_READ, "stop")
    peer.when_input_closes(lambda: stop_there.send(b"x"), options.life)
    peer.say(f"listening {peer.written(server.getsockname())}")
    running = True
    while running:
        for key, events in selector.select(options.life):
            if key.data == "stop":
                running = False
            elif key.data != "server":
                key.data.ready(events)
            elif stream:
                try:
                    Echo(selector, server.accept()[0])
                except (BlockingIOError, ConnectionError):
                    pass  # the client left between the event and accept(2)
            else:
                try:
                    data, client = server.recvfrom(peer.DATAGRAM_MAX)
                    if client:
                        server.sendto(data, client)
                except OSError:
                    pass  # nothing there any more, or the client is gone
    server.close()
    peer.remove_file(address)
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
