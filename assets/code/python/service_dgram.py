

# --- service: what it answers -----------------------------------------------------------------------------------------


%if list-echo
rests = {}  # of each peer, what no delimiter has ended yet


%end
%if chat
members = set()


def tell_others(peer, words):
    for member in members - {peer}:
        say(f"[{{PEER}}] ".encode() + words + b"\n", member)


%end
%if half-closer
parted = set()


%end
def on_datagram(data, peer):
    """One datagram is one message; many peers share the one socket."""
%if echo
    say(data, peer)
%end
%if delayed
%if pauses
    say_later(data, peer)
%else
    say(data, peer)
%end
%end
%if upper
    say(data.upper(), peer)  # bytes.upper changes ASCII letters alone
%end
%if list-echo
    *items, rests[peer] = (rests.get(peer, b"") + data).split(DELIMITER)
    for item in items:
        say(item + DELIMITER, peer)
    if not rests[peer] or len(rests[peer]) > MAX_ITEM:
        del rests[peer]
%end
%if discard|slow-reader
    pass  # thrown away
%end
%if resetter
    pass  # there is no connection that could be reset
%end
%if daytime
    say(time.strftime("%Y-%m-%dT%H:%M:%SZ\r\n", time.gmtime()).encode(), peer)
%end
%if chargen
    say(CYCLE[: random.randrange(513)], peer)  # 0 to 512 characters (RFC 864)
%end
%if greeter
    if data.rstrip() != b"exit":
        {{SAY_HELLO}}(b"Hello, " + data, peer)
%end
%if chat
    if peer not in members:
        members.add(peer)
        tell_others(peer, b"joined")
    for line in data.split(b"\n"):
        if line.rstrip() == b"quit":
            tell_others(peer, b"left")
            members.discard(peer)
            return
        if line.rstrip():
            tell_others(peer, line.rstrip())
%end
%if manual
    # Whoever runs the server answers, and all others wait meanwhile.
    print(f"{peer}: {data!r}", flush=True)
    answer = sys.stdin.readline()
    if answer:
        say(answer.encode(), peer)
%end
%if half-closer
    if peer not in parted:
        parted.add(peer)
%if goodbye
        say(GOODBYE, peer)
%end
%end
%if faulty
    if WORD in data:
        print(f"{peer}: the message holds {WORD!r}", file=sys.stderr)  # a request that fails never ends the server
    else:
        say(data, peer)
%end
