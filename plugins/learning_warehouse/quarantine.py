"""Records that were set aside, listed for people: where they came from and why they do not fit, never what they hold."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from learning_warehouse.storage import Storage


@dataclass(frozen=True, slots=True)
class SetAside:
    """One set-aside record: its load, its place in the load, for drops file and line, and the reason. No values."""

    source: str
    stream: str
    seq: int
    index: int
    reason: str
    file: str | None = None
    line: int | None = None

    @property
    def place(self) -> str:
        """`checkins_2026-12.csv line 7`, or `load 3 record 120`."""
        return f"{self.file} line {self.line}" if self.file else f"load {self.seq} record {self.index}"


class _Line(msgspec.Struct):
    reason: str
    index: int
    file: str | None = None
    line: int | None = None


def set_aside(
    storage: Storage, source: str | None = None, stream: str | None = None, seq: int | None = None
) -> Iterator[SetAside]:
    """The set-aside records of everything, one source, one stream or one load, in order of key and place."""
    prefix = "/".join(part for part in ("quarantine", source, stream if source else None) if part)
    for key in storage.list(prefix):
        _, its_source, its_stream, name = key.split("/")
        number = int(name.partition(".")[0])
        if (seq is None or seq == number) and stream in (None, its_stream):
            for text in storage.read_bytes(key).splitlines():
                line = msgspec.json.decode(text, type=_Line)
                yield SetAside(its_source, its_stream, number, line.index, line.reason, line.file, line.line)
