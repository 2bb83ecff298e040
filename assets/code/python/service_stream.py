

# --- service: what it answers -----------------------------------------------------------------------------------------


%if chat
%if chat_lock
members, members_lock = set(), threading.Lock()
%else
members = set()
%end


def tell_others(client, words):
    line = f"[{client.name}] ".encode() + words + b"\n"
%if chat_lock
    with members_lock:
        for member in members:
            if member is not client:
                member.post({{(}}line{{)}})
%else
    for member in list(members):
        if member is not client:
            member.post({{(}}line{{)}})
%end


%end
%if opens
def on_open(client):
%if daytime
    client.say({{(}}time.strftime("%Y-%m-%dT%H:%M:%SZ\r\n", time.gmtime()).encode(){{)}})
%if leaves
    client.leave()
%end
%end
%if greeting
    client.say({{(}}GREETING{{)}})
%end
%if chat
%if chat_lock
    with members_lock:
        members.add(client)
%else
    members.add(client)
%end
    tell_others(client, b"joined")
%end
%if half-closer
%if goodbye
    client.say({{(}}GOODBYE{{)}})
%end
    client.half_close()
%end
%if resetter
    client.reset()
%end


%end
%if endless
def on_room(client):
    """Called whenever all that was said is with the kernel."""
    client.say({{(}}CYCLE{{)}})


%end
%if hears
def on_bytes(client, data):
%if echo|delayed
%if delayed pauses !async
    client.pause(PAUSE)
%end
    client.say({{(}}data{{)}})
%end
%if upper
    client.say({{(}}data.upper(){{)}})  # bytes.upper changes ASCII letters alone
%end
%if list-echo
    # TCP keeps no boundaries: one recv may bring two items, or half of one. The unfinished rest is kept.
    *items, client.rest = (client.rest + data).split(DELIMITER)
    for item in items:
        client.say({{(}}item + DELIMITER{{)}})
    if len(client.rest) > MAX_ITEM:
        client.leave()
%end
%if discard|chargen|slow-reader|daytime
%if slow-reader !async
    client.pause(PAUSE)
%else
    pass  # thrown away
%end
%end
%if greeter
%if pauses !async
    client.pause(PAUSE)
%end
    if data.rstrip() == b"exit":
        client.leave()
    else:
        client.say({{(}}b"Hello, " + data{{)}})
%end
%if chat
    *lines, client.rest = (client.rest + data).split(b"\n")
    for line in lines:
        if line.rstrip() == b"quit":
            client.leave()
            return
        if line.rstrip():
            tell_others(client, line.rstrip())
    if len(client.rest) > MAX_LINE:
        client.leave()
%end
%if manual
    # Whoever runs the server answers. All others wait meanwhile for as long as this thread serves them too.
    print(f"{client.name}: {data!r}", flush=True)
    answer = sys.stdin.readline()
    if answer:
        client.say({{(}}answer.encode(){{)}})
%end
%if half-closer
%if at_once
    pass  # we said goodbye, and read on until the peer does
%else
    if not client.is_done:
        client.is_done = True
%if goodbye
        client.say({{(}}GOODBYE{{)}})
%end
        client.half_close()
%end
%end
%if resetter
    client.reset()
%end
%if faulty
    if WORD in data:
        # A request that fails ends its connection and never the server.
        print(f"{client.name}: the message holds {WORD!r}", file=sys.stderr)
        client.leave()
    else:
        client.say({{(}}data{{)}})
%end
%end
%if chat


def on_gone(client):
%if chat_lock
    with members_lock:
        members.discard(client)
%else
    members.discard(client)
%end
    tell_others(client, b"left")
%end
