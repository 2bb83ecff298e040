#!/usr/bin/env python3
"""An echo server of asyncio's streams, over TCP and Unix streams."""

import asyncio
import socket
import sys

import peer


async def serve(options, address):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    async def echo(reader, writer):
        try:
            while data := await asyncio.wait_for(reader.read(65536), options.timeout):
                writer.write(data)
                await asyncio.wait_for(writer.drain(), options.timeout)
        except (ConnectionError, asyncio.TimeoutError):
            pass  # this client is gone; the server goes on
        finally:
            writer.close()

    if options.transport == "tcp":
        server = await asyncio.start_server(echo, address[0], address[1], backlog=options.backlog)
    else:
        server = await asyncio.start_unix_server(echo, address, backlog=options.backlog)
    peer.when_input_closes(lambda: loop.call_soon_threadsafe(stop.set), options.life)
    peer.say(f"listening {peer.written(server.sockets[0].getsockname())}")
    await stop.wait()
    server.close()


def main():
    transports = ("tcp", "unix-stream") if hasattr(socket, "AF_UNIX") else ("tcp",)
    parser = peer.server_arguments(__doc__, transports)
    options = parser.parse_args()
    _, address = peer.resolve(options.transport, options.address, parser)
    try:
        asyncio.run(serve(options, address))
    except OSError as error:
        peer.fail(peer.FAILED, f"bind {options.address}: {error}")
    peer.remove_file(address)
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
