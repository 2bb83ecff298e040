

# --- model: {{MODEL_TITLE}} {{RULE}}


class Client:
    """One connection."""

    def __init__(self, writer):
        self.writer = writer
%if named
        peer = writer.get_extra_info("peername")
        self.name = {{NAME}}
%end
        self.is_leaving = False
%if rest
        self.rest = b""
%end
%if is_done
        self.is_done = False
%end
%if framed
        self.unread = b""
%end
%if says

    def say(self, data):
        self.writer.write(data)  # into a buffer; the loop sends, and drain waits while it is too full
%end
%if chat

    def post(self, data):
        """Says something on another's behalf. A member that does not read is thrown out."""
        self.writer.write(data)
        if self.writer.transport.get_write_buffer_size() > MAX_WAITING:
            self.writer.transport.abort()
%end
%if leaves

    def leave(self):
        self.is_leaving = True
%end
%if half_closing

    def half_close(self):
        self.writer.write_eof()  # FIN: the peer's recv returns 0, and it may still send
%end
%if resets

    def reset(self):
        # With a linger time of zero close sends RST, and the peer sees ECONNRESET.
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        self.is_leaving = True
%end


async def serve(reader, writer):
    """One connection, as if it were alone. At each await the thread goes on with other tasks."""
%if stuck
    reader._transport.pause_reading()  # asyncio reads ahead by itself; what the peer sends is to stay in the kernel
    await asyncio.Event().wait()
%else
%if nodelay
    writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # small segments leave at once
%end
    client = Client(writer)
    try:
%if opens
        on_open(client)
        await writer.drain()
%end
%if endless
        while True:
            on_room(client)
            await writer.drain()
%end
%if hears
        while not client.is_leaving:
            data = await reader.read(RECV_SIZE)
            if not data:  # the peer ended its side
%if until_close
                on_end(client)
                await writer.drain()
%end
                break
%if pauses
            await asyncio.sleep(PAUSE)
%end
            {{HEAR}}(client, data)
            await writer.drain()
%end
    except OSError as error:
        print(f"connection lost: {error}", flush=True)  # such as ECONNRESET or EPIPE: it ends this client alone
    finally:
        writer.close()
%if chat
        on_gone(client)
%end
%end


async def serve_forever():
%if tcp
    server = await asyncio.start_server(serve, sock=open_socket(), backlog=BACKLOG)
%else
    server = await asyncio.start_unix_server(serve, sock=open_socket(), backlog=BACKLOG)
%end
    async with server:
        await server.serve_forever()


def main():
    asyncio.run(serve_forever())
