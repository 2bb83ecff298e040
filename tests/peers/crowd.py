#!/usr/bin/env python3
"""A crowd of stream connections in one process, told by lines on standard input what to do.

  open N          opens N more, a wave at a time; each says something and waits for its echo before the next wave begins,
                  so that the server's accept queue never overflows. Answers `open <all> refused <those the server ended>`.
  echo SIZE [T]   one message on each connection and its echo, again and again for T seconds. Answers `echoed <bytes>`.
  churn T         closes and opens a wave after the other for T seconds. Answers `churned <connections>`.
  gone            waits until the server has ended every connection. Answers `gone <connections>`.
  close           closes all. Answers `closed <connections>`.

Every byte is compared: it says whose it is and in which round. Ends when standard input does.
"""

import errno
import selectors
import socket
import sys
import time

import peer

UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK}
GONE = (ConnectionResetError, BrokenPipeError)


class Member:
    """One connection, what it still has to say and what it still has to hear."""

    __slots__ = ("number", "sock", "calling", "rest", "wanted", "events")

    def __init__(self, number, sock):
        self.number, self.sock, self.calling = number, sock, True
        self.rest = self.wanted = b""
        self.events = selectors.EVENT_WRITE


class Crowd:
    """All of them, with one selector."""

    def __init__(self, options, family, address):
        self.options, self.family, self.address = options, family, address
        self.selector = selectors.DefaultSelector()
        self.members = {}  # in the order in which they came
        self.born = self.round = 0

    # What the commands do.

    def open(self, count):
        refused = 0
        while count > 0:
            wave = [self.call() for _ in range(min(count, self.options.wave))]
            count -= len(wave)
            refused += self.exchange(wave, 16, may_refuse=self.options.may_refuse)
        return refused

    def echo(self, size, seconds):
        end, echoed = time.monotonic() + seconds, 0
        while True:
            self.exchange(list(self.members.values()), size)
            echoed += size * len(self.members)
            if time.monotonic() >= end:
                return echoed

    def churn(self, seconds):
        end, born = time.monotonic() + seconds, self.born
        while time.monotonic() < end:
            oldest = list(self.members.values())[: self.options.wave]
            for member in oldest:
                self.forget(member)
            self.open(len(oldest))
        return self.born - born

    def gone(self):
        count = len(self.members)
        while self.members:
            for member, events in self.ready():
                if events & selectors.EVENT_READ and self.hear(member) is None:
                    self.forget(member)
        return count

    def close(self):
        count = len(self.members)
        for member in list(self.members.values()):
            self.forget(member)
        return count

    # How they do it.

    def call(self):
        """A connection that is on its way."""
        sock = socket.socket(self.family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sources = self.options.source
        if sources:
            if sys.platform == "linux":
                # The port is chosen at connect, where it need only differ towards this server: ip(7), IP_BIND_ADDRESS_NO_PORT.
                sock.setsockopt(socket.IPPROTO_IP, 24, 1)
            sock.bind((sources[self.born % len(sources)], 0))
        code = sock.connect_ex(self.address)
        if code not in UNDER_WAY:
            raise OSError(code, f"connection {self.born}: {errno.errorcode.get(code, code)}")
        member = Member(self.born, sock)
        self.born += 1
        self.members[member.number] = member
        self.selector.register(sock, member.events, member)
        return member

    def forget(self, member):
        self.selector.unregister(member.sock)
        member.sock.close()
        del self.members[member.number]

    def exchange(self, members, size, may_refuse=False):
        """Each says `size` bytes of its own and hears them; how many the server ended instead."""
        self.round += 1
        waiting = {}
        refused = 0

        def ended(member):
            nonlocal refused
            if not may_refuse:
                heard = size - len(member.wanted)
                raise ConnectionError(f"connection {member.number} was ended after {heard} of {size} bytes")
            refused += 1
            self.forget(member)
            waiting.pop(member.number, None)

        for member in members:
            words = b"%d.%d " % (member.number, self.round)
            member.wanted = (words * (size // len(words) + 1))[:size]
            member.rest = member.wanted
            waiting[member.number] = member
            if not member.calling and not self.say(member):
                ended(member)
        while waiting:
            for member, events in self.ready():
                if events & selectors.EVENT_WRITE and not self.say(member):
                    ended(member)
                elif events & selectors.EVENT_READ:
                    data = self.hear(member)
                    if data is None:
                        ended(member)
                    elif data != member.wanted[: len(data)]:
                        raise ConnectionError(f"connection {member.number} said {member.wanted!r} and heard {data!r}")
                    else:
                        member.wanted = member.wanted[len(data) :]
                        if not member.wanted:
                            waiting.pop(member.number, None)
        return refused

    def ready(self):
        found = self.selector.select(self.options.timeout)
        if not found:
            raise socket.timeout(f"nothing happened for {self.options.timeout:g} s")
        return [(key.data, events) for key, events in found]

    def say(self, member):
        """Sends what it can; false when the connection is gone."""
        if member.calling:
            code = member.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == errno.ECONNRESET:
                return False
            if code:
                raise OSError(code, f"connection {member.number}: {errno.errorcode.get(code, code)}")
            member.calling = False
        try:
            member.rest = member.rest[member.sock.send(member.rest) :] if member.rest else b""
        except BlockingIOError:
            pass
        except GONE:
            return False
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if member.rest else 0)
        if events != member.events:
            member.events = events
            self.selector.modify(member.sock, events, member)
        return True

    def hear(self, member):
        """What came; None at the end of the stream."""
        try:
            return member.sock.recv(65536) or None
        except BlockingIOError:
            return b""
        except GONE:
            return None


def allow_descriptors():
    """As many descriptors as this process may have."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def obey(crowd, words):
    """What is answered to a line."""
    command, numbers = words[0], words[1:]
    if command == "open":
        refused = crowd.open(int(numbers[0]))
        return f"open {len(crowd.members)} refused {refused}"
    if command == "echo":
        return f"echoed {crowd.echo(int(numbers[0]), float(numbers[1]) if numbers[1:] else 0.0)}"
    if command == "churn":
        return f"churned {crowd.churn(float(numbers[0]))}"
    if command == "gone":
        return f"gone {crowd.gone()}"
    if command == "close":
        return f"closed {crowd.close()}"
    raise ValueError(f"no such command: {command}")


def main():
    transports = ("tcp", "unix-stream") if hasattr(socket, "AF_UNIX") else ("tcp",)
    parser = peer.arguments(__doc__.splitlines()[0], transports)
    parser.add_argument("--wave", type=int, default=64, help="connections opened at once; less than the server's backlog")
    parser.add_argument("--source", action="append", default=[], help="an address to connect from; they take turns")
    parser.add_argument("--may-refuse", action="store_true", help="the server may end connections instead of serving them")
    options = parser.parse_args()
    family, address = peer.resolve(options.transport, options.address, parser)
    allow_descriptors()
    crowd = Crowd(options, family, address)
    try:
        for line in sys.stdin:
            peer.say(obey(crowd, line.split()))
    except socket.timeout as error:
        peer.fail(peer.TIMED_OUT, f"{options.transport} {options.address}: {error}")
    except OSError as error:
        peer.fail(peer.FAILED, f"{options.transport} {options.address}: {error}")
    except (ValueError, IndexError) as error:
        peer.fail(peer.USAGE, str(error))
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
