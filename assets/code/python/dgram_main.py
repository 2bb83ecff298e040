%if blocking


def main():
%if stuck
    while True:
        time.sleep(3600)  # never reads: datagrams wait in the kernel until its buffer is full, then they are lost
%else
    while True:
        data, peer = server.recvfrom(RECV_SIZE)
        on_datagram(data, peer)
%if slow-reader
        time.sleep(PAUSE)
%end
%end
%end
%if loop


def main():
    while True:
        wait({{TIMEOUT}})
        {{WHILE_TRUE}}
            try:
                data, peer = server.recvfrom(RECV_SIZE)
            except BlockingIOError:
                {{DGRAM_EMPTY}}  # EAGAIN: nothing is there (any more)
            on_datagram(data, peer)
%if slow-reader
            time.sleep(PAUSE)  # it is the only socket, so nobody else waits
%end
%if later
        while later and later[0][0] <= time.monotonic():
            _, data, peer = later.popleft()
            say(data, peer)
%end
%end
