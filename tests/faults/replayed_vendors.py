"""Every reader of every connector, recorded once from the sandbox and replayed with faults, byte for byte over real HTTP.

A *reader* is one stream for each way in which a source reads; streams that share their code share their reader.
"""

import http.client
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import yaml
import zstandard
from byte_server import serve_bytes

from learning_warehouse import connections
from learning_warehouse.connections import SANDBOX
from learning_warehouse.landing import land
from learning_warehouse.settings import REPOSITORY, settings
from learning_warehouse.sources import SOURCES
from learning_warehouse.storage import Storage
from learning_warehouse.streams import Manifest, RunContext, Stream

NOW = datetime(2026, 12, 1, 1, tzinfo=UTC)
LOGIN = re.compile(r"authenticate|oauth|token")
FEW_REQUESTS = 12
QUICK = {"first_wait_seconds": 0.001, "attempts": 6}


def way_of_reading(stream: Stream) -> tuple[str, ...]:
    """What two streams must share to be read by the same code: their source and the functions and classes that page."""
    inside = [cell.cell_contents for cell in getattr(stream.pages, "__closure__", None) or ()]
    return (stream.source, *(getattr(item, "__qualname__", type(item).__qualname__) for item in (stream.pages, *inside)))


READERS = list(
    {
        way_of_reading(stream): stream
        for source in SOURCES.values()
        if source.open_client and source.vendor in SANDBOX
        for stream in reversed(source.streams.values())
        if stream.mode != "sweep"
    }.values()
)


@dataclass
class VendorProxy:
    """A proxy before the sandbox that keeps each answer it has fetched; `spoil` may answer a request for data in its place.

    `spoil(answer, key, times)` gets the whole good response, the request, and how often that request came before; it
    returns bytes, an iterator of bytes, or None for the good answer. Logins are never spoiled and not counted.
    """

    sandbox_port: int
    port: int = 0
    kept: dict[tuple[str, str, bytes], bytes] = field(default_factory=dict)
    spoil: Callable[[bytes, str, int], Any] | None = None
    seen: list[str] = field(default_factory=list)

    def fetch(self, method: str, target: str, headers: dict[str, str], body: bytes) -> bytes:
        """The good answer as one HTTP response with Content-Length."""
        key = (method, target, body)
        if key not in self.kept:
            upstream = http.client.HTTPConnection("127.0.0.1", self.sandbox_port, timeout=60)
            passed = {name: value for name, value in headers.items() if name != "Accept-Encoding"}
            upstream.request(method, target, body or None, passed)
            answer = upstream.getresponse()
            content, kind = answer.read(), answer.headers["Content-Type"]
            head = f"HTTP/1.1 {answer.status} Kept\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
            upstream.close()
            self.kept[key] = f"{head}Connection: close\r\n\r\n".encode() + content
        return self.kept[key]


def serve_proxy(proxy: VendorProxy) -> ThreadingHTTPServer:
    """Starts the proxy on a free port of 127.0.0.1."""

    def answer(method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
        good = proxy.fetch(method, target, headers, body)
        if LOGIN.search(target.partition("?")[0]):
            return good
        key = f"{target} {body.decode()}".strip()
        times = proxy.seen.count(key)
        proxy.seen.append(key)
        return (proxy.spoil and proxy.spoil(good, key, times)) or good

    httpd = serve_bytes(answer)
    proxy.port = httpd.server_port
    return httpd


class Clean(NamedTuple):
    """What one reader lands when nothing is wrong, and the requests for data that it makes, in order."""

    manifest: Manifest
    lines: list[bytes]
    requests: list[str]


@dataclass
class Vendors:
    """All vendors of this installation behind the proxy, and what each reader lands when nothing is wrong."""

    proxy: VendorProxy
    folder: Path
    clean: dict[str, Clean] = field(default_factory=dict)

    def readers(self, least: int = 0, most: int = sys.maxsize) -> list[Stream]:
        """The readers that need so many requests for data."""
        return [stream for stream in READERS if least <= len(self.clean[stream.full_name].requests) <= most]

    def land(self, stream: Stream, spoil: Callable[[bytes, str, int], Any] | None = None, **limits: Any) -> Manifest:
        """Lands one stream in a storage of its own, `self.storage(stream)`, with these limits of the HTTP client."""
        proxy = {"proxy": f"http://127.0.0.1:{self.proxy.port}"}
        connections.use(
            lambda vendor: {**SANDBOX[vendor], "extra": {**SANDBOX[vendor].get("extra", {}), **proxy, **QUICK, **limits}}
        )
        self.proxy.seen.clear()
        self.proxy.spoil = spoil
        try:
            return land(stream, RunContext("night", NOW), self.storage(stream))
        finally:
            self.proxy.spoil = None

    def storage(self, stream: Stream) -> Storage:
        """Where the current test lands this stream."""
        return Storage(settings().home / stream.full_name)

    def lines(self, stream: Stream, manifest: Manifest) -> list[bytes]:
        """What was landed, line by line."""
        stored, unpack = self.storage(stream), zstandard.ZstdDecompressor().decompress
        return [line for part in manifest.parts for line in unpack(stored.read_bytes(part.key)).splitlines()]


def everything_simulated(folder: Path) -> Path:
    """A company file in which every source that the sandbox has is simulated."""
    content = yaml.safe_load((REPOSITORY / "company.yml").read_text())
    content["sources"] |= dict.fromkeys((vendor for vendor in SOURCES if vendor in SANDBOX), "simulated")
    (folder / "company.yml").write_text(yaml.safe_dump(content))
    return folder / "company.yml"
