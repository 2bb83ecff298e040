"""{{TITLE}}

%if not_shown
Not in this program: {{NOT_SHOWN}}.
%end
Run it with: python3 {{FILE}}
"""

{{USES}}

%if inet
HOST, PORT = {{HOST}}, {{PORT}}
%else
ADDRESS = {{PATH}}
%end
%if local inet
LOCAL_HOST, LOCAL_PORT = {{LOCAL_HOST}}, {{LOCAL_PORT}}
%end
%if local unix
LOCAL = {{LOCAL_PATH}}
%end
%if from_file
with open({{MESSAGE}}, "rb") as file:
    MESSAGE = file.read()
%else
MESSAGE = {{MESSAGE}}
%end
%if many
TIMES = {{TIMES}}
%end
%if paused
EVERY = {{EVERY}}  # seconds
%end
%if several
CONNECTIONS = {{CONNECTIONS}}
%end
%if open_every
OPEN_EVERY = {{OPEN_EVERY}}  # seconds
%end
%if limited
CONNECT_LIMIT = {{CONNECT_LIMIT}}  # seconds
%end
RECV_SIZE = {{RECV_SIZE}}  # the most that one recv may return
%if delimiter
FRAME_END = {{FRAME_END}}
%end
%if fixed
FRAME_SIZE = {{FRAME_SIZE}}
%end
%if length
HEADER_SIZE = {{HEADER_SIZE}}
%end


def open_connection():
%if inet
    family, kind, protocol, _, address = socket.getaddrinfo(HOST, PORT, type={{KIND}})[0]
    sock = socket.socket(family, kind, protocol)
%else
    sock = socket.socket(socket.AF_UNIX, {{KIND}})
%end
%if broadcast
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)  # without it a send to a broadcast address is refused
%end
%if nodelay
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small segments leave at once
%end
%if local inet
    sock.bind((LOCAL_HOST, LOCAL_PORT))
%end
%if local unix
    sock.bind(LOCAL)
%end
%if autobind
    sock.bind("")  # Linux chooses a name; without one the server could not answer (unix(7))
%end
%if limited
    sock.settimeout(CONNECT_LIMIT)
%end
%if inet
    sock.connect(address)
%else
    sock.connect(ADDRESS)
%end
%if limited
    sock.settimeout(None)
%end
    return sock


%if framed stream
def messages(sock):
    """One recv may bring several messages, or a part of one. What is unfinished is kept."""
    unread = b""
    while True:
        data = sock.recv(RECV_SIZE)
        if not data:
%if until_close
            yield unread
%end
            return
        unread += data
%if fixed
        while len(unread) >= FRAME_SIZE:
            yield unread[:FRAME_SIZE]
            unread = unread[FRAME_SIZE:]
%end
%if delimiter
        while FRAME_END in unread:
            message, unread = unread.split(FRAME_END, 1)
            yield message
%end
%if length
        while len(unread) >= HEADER_SIZE:
            end = {{FRAME_LENGTH}}
            if len(unread) < end:
                break
            yield unread[HEADER_SIZE:end]
            unread = unread[end:]
%end


%end
def show(number, words):
    print(f"{number}: {words}\n", end="", flush=True)  # the line in one piece: several threads print


def receive(number, sock):
    """Prints what comes, until the server ends its side."""
    try:
%if framed stream
        for message in messages(sock):
            show(number, repr(message))
%else
        while True:
            data = sock.recv(RECV_SIZE)
%if stream
            if not data:
                break
%end
            show(number, repr(data))
%end
%if stream
        show(number, "the server ended its side")
%end
    except OSError as error:
        show(number, error)  # such as ECONNRESET


def talk(number):
    """One connection: this thread sends, another one receives meanwhile."""
    with open_connection() as sock:
        receiver = threading.Thread(target=receive, args=(number, sock), daemon=True)
        receiver.start()
%if once
        sock.{{SENDALL}}(MESSAGE)
%end
%if many
        for _ in range(TIMES):
            sock.{{SENDALL}}(MESSAGE)
%if paused
            time.sleep(EVERY)
%end
%end
%if forever
        while True:
            sock.{{SENDALL}}(MESSAGE)
%if paused
            time.sleep(EVERY)
%end
%end
%if !forever
        receiver.join()
%end


def main():
%if several
    threads = [threading.Thread(target=talk, args=(number,), daemon=True) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
%if open_every
        time.sleep(OPEN_EVERY)
%end
    for thread in threads:
        thread.join()
%else
    talk(0)
%end


try:
    main()
except KeyboardInterrupt:
    pass
