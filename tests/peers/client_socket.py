#!/usr/bin/env python3
"""A client of plain blocking sockets, over every transport."""

import os
import socket
import struct
import sys
import tempfile
import threading

import peer


class Client:
    """One connection, or one datagram socket."""

    def __init__(self, options, family, address, local):
        self.options, self.address = options, address
        self.stream = options.transport in ("tcp", "unix-stream")
        self.sock = socket.socket(family, socket.SOCK_STREAM if self.stream else socket.SOCK_DGRAM)
        self.sock.settimeout(options.timeout)
        if local is not None:
            self.sock.bind(local)

    def connect(self):
        self.sock.connect(self.address)

    def exchange(self, payloads):
        """What came back: one bytes for a stream, one for each datagram else."""
        if not self.stream:
            wanted = len(payloads) if self.options.expect is None else self.options.expect
            for payload in payloads:
                self.sock.send(payload)
            return [self.sock.recv(peer.DATAGRAM_MAX) for _ in range(wanted)]
        # Sending has a thread of its own: an echo larger than all buffers must be read while it is sent.
        trouble = []
        sender = threading.Thread(target=self.send, args=(payloads, trouble), daemon=True)
        sender.start()
        to_end = self.options.half_close or self.options.until_end
        wanted = sum(map(len, payloads)) if self.options.expect is None else self.options.expect
        received = bytearray()
        while to_end or len(received) < wanted:
            data = self.sock.recv(65536)
            if not data:
                break
            received += data
        sender.join(self.options.timeout)
        if sender.is_alive():
            raise socket.timeout("sending did not end")
        if trouble:
            raise trouble[0]
        if self.options.expect is not None or not to_end:
            if len(received) < wanted:
                raise ConnectionError(f"closed after {len(received)} of {wanted} bytes")
        return [bytes(received)]

    def send(self, payloads, trouble):
        try:
            for payload in payloads:
                self.sock.sendall(payload)
            if self.options.half_close:
                self.sock.shutdown(socket.SHUT_WR)
        except OSError as error:
            trouble.append(error)

    def close(self, reset):
        if reset:
            # linger 0: close() sends RST, socket(7). Windows has two shorts where POSIX has two ints.
            linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.sock.close()


def run(clients, payloads, options):
    """Everything at once; the answers in the order of the clients."""
    answers, errors = [None] * len(clients), []
    all_open = threading.Barrier(len(clients))

    def work(number, client):
        try:
            client.connect()
            all_open.wait(options.timeout)
            answers[number] = client.exchange(payloads)
            client.close(options.reset)
        except threading.BrokenBarrierError:
            errors.append(socket.timeout("not all connections opened"))
        except OSError as error:
            errors.insert(0, error)
            all_open.abort()

    threading.stack_size(256 * 1024)
    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers


def main():
    parser = peer.client_arguments(__doc__)
    parser.add_argument("--local", help="bind here first: host:port or a path")
    parser.add_argument("--reset", action="store_true", help="close with RST (linger 0)")
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count must be at least 1")
    if options.local and options.count > 1:
        parser.error("--local is for one connection")
    payloads = peer.payloads(options, parser)
    family, address = peer.resolve(options.transport, options.address, parser)
    local = peer.resolve(options.transport, options.local, parser)[1] if options.local else None
    code, words = peer.OK, ""
    with tempfile.TemporaryDirectory(prefix="peer-") as directory:
        try:
            clients = []
            for number in range(options.count):
                mine = local
                if mine is None and options.transport == "unix-dgram":
                    # Without a name of its own a Unix datagram socket gets no answer, unix(7).
                    mine = os.path.join(directory, f"{number}.sock")
                clients.append(Client(options, family, address, mine))
            for answer in run(clients, payloads, options):
                for data in answer:
                    peer.say(f"received {data.hex()}")
        except socket.timeout as error:
            code, words = peer.TIMED_OUT, str(error)
        except OSError as error:
            code, words = peer.FAILED, str(error)
    peer.remove_file(local)
    if code != peer.OK:
        peer.fail(code, f"{options.transport} {options.address}: {words}")
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
