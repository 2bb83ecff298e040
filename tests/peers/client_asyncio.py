#!/usr/bin/env python3
"""A client of asyncio's streams, over TCP and Unix streams."""

import asyncio
import socket
import sys

import peer


async def exchange(reader, writer, payloads, options):
    """What came back on one connection."""

    async def send():
        for payload in payloads:
            writer.write(payload)
            await writer.drain()
        if options.half_close:
            writer.write_eof()

    async def receive():
        to_end = options.half_close or options.until_end
        wanted = sum(map(len, payloads)) if options.expect is None else options.expect
        data = await (reader.read() if to_end else reader.readexactly(wanted))
        if options.expect is not None and len(data) < wanted:
            raise ConnectionError(f"closed after {len(data)} of {wanted} bytes")
        return data

    try:
        _, data = await asyncio.wait_for(asyncio.gather(send(), receive()), options.timeout)
        return data
    finally:
        writer.close()


async def run(payloads, options, address):
    def connect():
        if options.transport == "tcp":
            return asyncio.open_connection(address[0], address[1])
        return asyncio.open_unix_connection(address)

    # All are open before the first one sends.
    opened = await asyncio.wait_for(asyncio.gather(*(connect() for _ in range(options.count))), options.timeout)
    return await asyncio.gather(*(exchange(reader, writer, payloads, options) for reader, writer in opened))


def main():
    transports = ("tcp", "unix-stream") if hasattr(socket, "AF_UNIX") else ("tcp",)
    parser = peer.client_arguments(__doc__, transports)
    options = parser.parse_args()
    if options.count < 1:
        parser.error("--count must be at least 1")
    payloads = peer.payloads(options, parser)
    _, address = peer.resolve(options.transport, options.address, parser)
    try:
        for data in asyncio.run(run(payloads, options, address)):
            peer.say(f"received {data.hex()}")
    except asyncio.IncompleteReadError as error:
        peer.fail(peer.FAILED, f"{options.transport} {options.address}: closed after {len(error.partial)} bytes")
    except (asyncio.TimeoutError, socket.timeout):
        peer.fail(peer.TIMED_OUT, f"{options.transport} {options.address}: no answer within {options.timeout:g} s")
    except OSError as error:
        peer.fail(peer.FAILED, f"{options.transport} {options.address}: {error}")
    return peer.OK


if __name__ == "__main__":
    sys.exit(main())
