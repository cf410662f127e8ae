"""The sandbox over TLS: a proxy on 127.0.0.1 that answers CONNECT for the vendors' hosts with the sandbox itself.

A client keeps `https://` and the vendor's own host name; it needs the proxy's address (HTTPS_PROXY) and the CA file. What
is asked without CONNECT goes to the plain server, so the same proxy serves `http://` too. Any other host is refused: no
request ever leaves the machine.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import uvicorn

from learning_warehouse.sandbox.server import CONTROL_HOSTS, HOSTS

HEAD_BYTES = 65_536
HEAD_SECONDS = 30.0
CHUNK_BYTES = 65_536
TLS_PORT = 443
WILDCARDS = ("zendesk.com", "bamboohr.com")
NAMES = (*sorted(HOSTS), *(f"*.{domain}" for domain in WILDCARDS), *CONTROL_HOSTS)
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def is_ours(host: str) -> bool:
    """Whether the sandbox answers for a host, be it with "no such account" as the vendor would."""
    return host in HOSTS or host.partition(".")[2] in WILDCARDS


class Tunnel:
    """The proxy: CONNECT to `tls_port`, everything else to `plain_port`, both on 127.0.0.1."""

    def __init__(self, plain_port: int, tls_port: int) -> None:
        self._plain_port = plain_port
        self._tls_port = tls_port
        self._open: set[asyncio.StreamWriter] = set()

    async def listen(self, sock: socket.socket) -> asyncio.Server:
        """Start to serve on a bound socket."""
        return await asyncio.start_server(self._serve, sock=sock, limit=HEAD_BYTES)

    def close(self) -> None:
        """End every open tunnel."""
        for writer in list(self._open):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
            await self._answer(head, (reader, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, head: bytes, client: Streams) -> None:
        method, _, rest = head.partition(b" ")
        if method != b"CONNECT":
            await self._join(client, self._plain_port, head)
            return
        host, _, port = rest.partition(b" ")[0].decode("latin-1").lower().rpartition(":")
        if not is_ours(host) or port != str(TLS_PORT):
            told = f"The sandbox has no host {host}:{port}. It answers for: {', '.join(sorted(HOSTS))}.\n"
            headers = f"Content-Type: text/plain\r\nContent-Length: {len(told)}\r\nConnection: close\r\n"
            client[1].write(f"HTTP/1.1 502 Bad Gateway\r\n{headers}\r\n{told}".encode())
            await client[1].drain()
            return
        client[1].write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await self._join(client, self._tls_port, b"")

    async def _join(self, client: Streams, port: int, first: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._open.add(writer)
        asked = asyncio.ensure_future(_copy(client[0], writer))
        try:
            writer.write(first)
            await _copy(reader, client[1])
        finally:
            asked.cancel()
            self._open.discard(writer)
            writer.close()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK_BYTES):
            target.write(data)
            await target.drain()
        target.write_eof()


@contextlib.asynccontextmanager
async def secured(server: uvicorn.Server, proxy: socket.socket, plain_port: int) -> AsyncIterator[None]:
    """Serve `server` (with a certificate) on a port of its own behind a proxy that listens on `proxy`, for one block."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen(128)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        tunnel = Tunnel(plain_port, sock.getsockname()[1])
        listening = await tunnel.listen(proxy)
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            listening.close()
            tunnel.close()
            server.should_exit = True
            await serving
