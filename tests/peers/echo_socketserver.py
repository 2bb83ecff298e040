#!/usr/bin/env python3
"""An echo server of socketserver's threading classes, over every transport."""

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
    parser = peer.server_arguments(__doc__)
    options = parser.parse_args()
    family, address = peer.resolve(options.transport, options.address, parser)
    stream = options.transport in ("tcp", "unix-stream")
    name = {
        "tcp": "ThreadingTCPServer",
        "udp": "ThreadingUDPServer",
        "unix-stream": "ThreadingUnixStreamServer",
        "unix-dgram": "ThreadingUnixDatagramServer",
    }[options.transport]
    settings = {
        "address_family": family,
        "request_queue_size": options.backlog,
        "allow_reuse_address": options.transport == "tcp" and sys.platform != "win32",
        "daemon_threads": True,
        "block_on_close": False,
        "max_packet_size": peer.DATAGRAM_MAX,
    }
    server_class = type("EchoServer", (getattr(socketserver, name),), settings)
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
