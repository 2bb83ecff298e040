"""What the outside peers share: arguments, addresses, exit codes, the end of a server when its standard input closes.

Python 3.9 or later, standard library only. Servers print one line, `listening <address>`, as soon as they are ready, and
serve until their standard input is closed. Clients print one line, `received <hex>`, for each connection (streams) or each
datagram. Exit codes: 0 done, 1 the network or the other side failed, 2 wrong arguments, 3 a time limit passed.
"""

import argparse
import os
import socket
import sys
import threading

OK, FAILED, USAGE, TIMED_OUT = 0, 1, 2, 3
TRANSPORTS = ("tcp", "udp", "unix-stream", "unix-dgram")
# A datagram of any transport fits: UDP carries 65,507 bytes, a Unix datagram 212,960 with Linux's default buffers.
DATAGRAM_MAX = 1 << 18


def arguments(description, transports=TRANSPORTS):
    """The arguments that every peer has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--transport", choices=transports, required=True)
    parser.add_argument("--address", required=True, help="host:port, [ipv6]:port, or a path for the Unix transports")
    parser.add_argument("--timeout", type=float, default=20.0, help="limit for each wait, in seconds")
    return parser


def server_arguments(description, transports=TRANSPORTS):
    """The arguments of a server."""
    parser = arguments(description, transports)
    parser.add_argument("--backlog", type=int, default=512, help="the n of listen(n)")
    parser.add_argument("--life", type=float, default=300.0, help="ends by itself after this many seconds")
    return parser


def client_arguments(description, transports=TRANSPORTS):
    """The arguments of a client."""
    parser = arguments(description, transports)
    parser.add_argument("--hex", action="append", default=[], metavar="BYTES", help="a payload; '' is empty, '-' reads hex from standard input")
    parser.add_argument("--expect", type=int, metavar="N", help="bytes (streams) or datagrams to wait for; as many as were sent if not given")
    parser.add_argument("--half-close", action="store_true", help="shut down sending after the last payload, then read to the end")
    parser.add_argument("--until-end", action="store_true", help="read until the other side closes")
    parser.add_argument("--count", type=int, default=1, help="connections, all open before the first one sends")
    return parser


def payloads(options, parser):
    """The payloads as bytes. Odd or wrong hex is refused."""
    result = []
    for text in options.hex:
        try:
            result.append(bytes.fromhex(sys.stdin.read() if text == "-" else text))
        except ValueError as error:
            parser.error(f"--hex: {error}")
    return result


def is_unix(transport):
    """Whether addresses are paths."""
    return transport.startswith("unix-")


def resolve(transport, text, parser):
    """(family, address) for the socket module."""
    if is_unix(transport):
        if not hasattr(socket, "AF_UNIX"):
            parser.error("this Python has no AF_UNIX")
        # A leading @ is Linux's abstract name space, unix(7).
        return socket.AF_UNIX, ("\0" + text[1:] if text.startswith("@") else text)
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        parser.error(f"--address: {text!r} is not host:port")
    kind = socket.SOCK_STREAM if transport == "tcp" else socket.SOCK_DGRAM
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=kind)
    except OSError as error:
        parser.error(f"--address: {text!r}: {error}")
    return found[0][0], found[0][4]


def written(address):
    """An address as Socketlab writes it."""
    if isinstance(address, tuple):
        return f"[{address[0]}]:{address[1]}" if ":" in address[0] else f"{address[0]}:{address[1]}"
    name = os.fsdecode(address)
    return "@" + name[1:] if name.startswith("\0") else name


def say(line):
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def fail(code, message):
    """Says why on standard error and ends the process, with whatever threads still wait."""
    sys.stderr.write(f"{os.path.basename(sys.argv[0])}: {message}\n")
    sys.stderr.flush()
    sys.stdout.flush()
    os._exit(code)


def when_input_closes(action, life):
    """Calls `action` once standard input is at its end; ends the process with TIMED_OUT when its life is over first."""

    def watch():
        # Not sys.stdin.read(): its lock would be held while the interpreter shuts down.
        while os.read(0, 4096):
            pass
        action()

    threading.Thread(target=watch, name="input", daemon=True).start()
    timer = threading.Timer(life, fail, (TIMED_OUT, f"still there after {life:g} s"))
    timer.daemon = True
    timer.start()


def remove_file(address):
    """Removes the socket file of a server that ends."""
    if isinstance(address, str) and address and not address.startswith("\0"):
        try:
            os.unlink(address)
        except FileNotFoundError:
            pass
