#!/usr/bin/env python3
"""An echo server of socketserver's classes, over every transport: a thread for each connection or datagram, or a process.

The classes are put together here as socketserver does it, because Python has ready-made ones of the forking form for Unix
sockets only since 3.12.
"""

import socket
import socketserver
import sys

import peer


def stream_handler(timeout):
    class Echo(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.settimeout(timeout)
            try:
                while data := self.request.recv(65536):
                    self.request.sendall(data)
            except (ConnectionError, TimeoutError, socket.timeout):
                pass  # this client is gone; the server goes on

    return Echo


class EchoDatagram(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        # An unbound Unix datagram client has no address to answer to.
        if self.client_address:
            try:
                sock.sendto(data, self.client_address)
            except OSError:
                pass  # the client is gone


def main():
    parser = peer.server_arguments(__doc__.splitlines()[0])
    parser.add_argument("--form", choices=("threading", "forking"), default="threading", help="what serves each connection or datagram")
    options = parser.parse_args()
    family, address = peer.resolve(options.transport, options.address, parser)
    stream = options.transport in ("tcp", "unix-stream")
    mixins = {"threading": "ThreadingMixIn", "forking": "ForkingMixIn"}
    servers = {
        "tcp": "TCPServer",
        "udp": "UDPServer",
        "unix-stream": "UnixStreamServer",
        "unix-dgram": "UnixDatagramServer",
    }
    names = (mixins[options.form], servers[options.transport])
    if not all(hasattr(socketserver, name) for name in names):
        parser.error(f"this Python has no socketserver.{' with socketserver.'.join(names)}")
    settings = {
        "address_family": family,
        "request_queue_size": options.backlog,
        "allow_reuse_address": options.transport == "tcp" and sys.platform != "win32",
        "daemon_threads": True,
        # Children are waited for at the end, so that none becomes a zombie; threads end with the process.
        "block_on_close": options.form == "forking",
        "max_packet_size": peer.DATAGRAM_MAX,
    }
    server_class = type("EchoServer", tuple(getattr(socketserver, name) for name in names), settings)
    try:
        server = server_class(address, stream_handler(options.timeout) if stream else EchoDatagram)
    except OSError as error:
        peer.fail(peer.FAILED, f"bind {options.address}: {error}")
    with server:
        peer.when_input_closes(server.shutdown, options.life)
        peer.say(f"listening {peer.written(server.socket.getsockname())}")
        server.serve_forever(poll_interval=0.05)
    peer.remove_file(address)
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
