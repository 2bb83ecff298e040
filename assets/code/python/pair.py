"""{{TITLE}}

%if not_shown
Not in this program: {{NOT_SHOWN}}.
%end
Run it with: python3 {{FILE}}
"""

{{USES}}

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
PAIRS = {{PAIRS}}
%end
RECV_SIZE = {{RECV_SIZE}}  # the most that one recv may return


def show(number, words):
    print(f"{number}: {words}\n", end="", flush=True)  # the line in one piece: several threads print


def receive(number, end):
%if stream
    """Prints what comes, until the other end is closed."""
    while True:
        data = end.recv(RECV_SIZE)
        if not data:
            break
        show(number, repr(data))
    show(number, "the other end is closed")
%else
    """Prints what comes. Datagrams have no end: how many there are is known here."""
%if forever
    while True:
        show(number, repr(end.recv(RECV_SIZE)))
%end
%if many
    for _ in range(TIMES):
        show(number, repr(end.recv(RECV_SIZE)))
%end
%if once
    show(number, repr(end.recv(RECV_SIZE)))
%end
%end
%if stream|!forever
    end.close()
%end


def talk(number):
    """Both ends are ours and have no address: nobody binds, connects or accepts."""
    here, there = socket.socketpair(socket.AF_UNIX, {{KIND}})
    receiver = threading.Thread(target=receive, args=(number, there), daemon=True)
    receiver.start()
%if once
    here.{{SENDALL}}(MESSAGE)
%end
%if many
    for _ in range(TIMES):
        here.{{SENDALL}}(MESSAGE)
%if paused
        time.sleep(EVERY)
%end
%end
%if forever
    while True:
        here.{{SENDALL}}(MESSAGE)
%if paused
        time.sleep(EVERY)
%end
%else
%if stream
    here.close()  # the other end reads what is left, and then recv answers 0
    receiver.join()
%else
    receiver.join()
    here.close()
%end
%end


def main():
%if several
    threads = [threading.Thread(target=talk, args=(number,), daemon=True) for number in range(PAIRS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
%else
    talk(0)
%end


try:
    main()
except KeyboardInterrupt:
    pass
