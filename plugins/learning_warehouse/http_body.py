"""Reading one answer's body to its end, within limits, and knowing that it is whole.

Whole means: as many bytes as Content-Length says, or chunks up to the closing one, or a gzip stream with its trailer. A
body that only ends because the connection was closed is refused, as nothing tells a whole one from a part.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

GZIP = 31
CHUNK = 65_536
SMALL = 2**20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class BadBody(ValueError):
    """The body is cut, too big, or packed in a way that we did not ask for."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Bytes on the wire, bytes after decompression, and how many times bigger decompression may make a body above 1 MiB."""

    wire_bytes: int
    plain_bytes: int
    ratio: float


class Raw(Protocol):
    def read1(self, amt: int, decode_content: bool) -> bytes: ...


def read_body(raw: Raw, headers: Mapping[str, str], limits: BodyLimits, must_be_framed: bool = True) -> bytes:
    """The whole decompressed body, without a byte order mark. Raises BadBody."""
    packing = headers.get("content-encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise BadBody("the answer is packed in a way that we did not ask for")
    unpacker = _Gzip(limits) if "gzip" in packing else _Plain(limits)
    wire = 0
    while data := raw.read1(CHUNK, decode_content=False):
        wire += len(data)
        if wire > limits.wire_bytes:
            raise BadBody(f"the answer is bigger than {limits.wire_bytes:,} bytes")
        unpacker.feed(data, wire)
    length = headers.get("content-length")
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    if length is not None and not is_chunked and (not length.isdigit() or int(length) != wire):
        raise BadBody("the answer is shorter than its Content-Length")
    if must_be_framed and length is None and not is_chunked and not isinstance(unpacker, _Gzip):
        raise BadBody("nothing says where the answer ends, so it may be cut")
    return unpacker.whole().removeprefix(BYTE_ORDER_MARK)


class _Plain:
    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes, wire: int) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size > self._limits.plain_bytes:
            raise BadBody(f"the answer is bigger than {self._limits.plain_bytes:,} bytes")
        if self._size > max(SMALL, wire * self._limits.ratio):
            raise BadBody(f"the answer unpacks to more than {self._limits.ratio:g} times its size")

    def whole(self) -> bytes:
        return b"".join(self._parts)


class _Gzip(_Plain):
    def __init__(self, limits: BodyLimits) -> None:
        super().__init__(limits)
        self._stream = zlib.decompressobj(GZIP)

    def feed(self, data: bytes, wire: int) -> None:
        try:
            while data:
                if self._stream.eof:
                    self._stream = zlib.decompressobj(GZIP)
                super().feed(self._stream.decompress(data, SMALL), wire)
                data = self._stream.unconsumed_tail or self._stream.unused_data
        except zlib.error:
            raise BadBody("the answer's gzip packing is damaged") from None

    def whole(self) -> bytes:
        if not self._stream.eof:
            raise BadBody("the answer's gzip packing is cut")
        return super().whole()
