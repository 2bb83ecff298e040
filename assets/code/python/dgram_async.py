

# --- model: {{MODEL_TITLE}} {{RULE}}


class Server(asyncio.DatagramProtocol):
    def datagram_received(self, data, peer):
        on_datagram(data, peer)
%if says


def say(data, peer):
    if peer:  # a peer without an address cannot be answered
        transport.sendto(data, peer)
%end
%if says_later


def say_later(data, peer):
    asyncio.get_running_loop().call_later(PAUSE, say, data, peer)
%end


async def serve_forever():
    global transport
    loop = asyncio.get_running_loop()
%if stuck
    server = open_socket()
    await asyncio.Event().wait()  # never reads: datagrams wait in the kernel until its buffer is full, then they are lost
%end
%if slow-reader
    server = open_socket()
    server.setblocking(False)
    while True:
        on_datagram(await loop.sock_recv(server, RECV_SIZE), None)
        await asyncio.sleep(PAUSE)
%end
%if !stuck !slow-reader
    transport, _ = await loop.create_datagram_endpoint(Server, sock=open_socket())
    await asyncio.Event().wait()
%end


def main():
    asyncio.run(serve_forever())
