

# --- model: {{MODEL_TITLE}} {{RULE}}


%if !async
server = open_socket()
%if loop
server.setblocking(False)
%end
%end
%if later
later = collections.deque()  # (when, datagram, peer): the same pause for all, so the first to come is the first to go
%end
%if says


def say(data, peer):
    try:
        server.sendto(data, peer)
    except OSError:
        pass  # the peer is gone, or has no address, or a buffer is full: datagrams may be lost
%end
%if later


def say_later(data, peer):
    later.append((time.monotonic() + PAUSE, data, peer))


def next_due():
    """How long the wait may last."""
    return max(0.0, later[0][0] - time.monotonic()) if later else None
%end
%if says_later blocking


def say_later(data, peer):
    time.sleep(PAUSE)  # and everybody waits
    say(data, peer)
%end
