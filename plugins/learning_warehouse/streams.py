"""What a stream is, what one run of it knows, and what it leaves behind: plain frozen objects, no behavior.

A *record* is the smallest thing a vendor versions. A *load* is one manifest of one stream.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol, TypeVar

T = TypeVar("T")
Mode = Literal["cursor", "window", "snapshot", "sweep"]
ColumnType = Literal["varchar", "bigint", "double", "boolean", "timestamp", "date", "json"]
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Column:
    """One typed column. `path` is the dotted JSON path in the record; a required column without a value sets a record aside.

    personal="email" puts `<name>_key` and `<name>_domain` into the typed load instead of the address itself. `meaning`, the
    closed list `values` and the bounds are what people are told and what a suite warns of; typing does not ask them.
    """

    name: str
    type: ColumnType = "varchar"
    path: str | None = None
    required: bool = False
    personal: Literal["email"] | None = None
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    meaning: str = ""

    @property
    def json_path(self) -> str:
        """The dotted path, by default the column's own name."""
        return self.path or self.name


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer of a vendor, decoded from its transfer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Reader(Protocol):
    """What a source may ask of the HTTP client: one page, checked by `decode`, after as many tries as it takes."""

    def get(self, target: str, params: Mapping[str, str], decode: Callable[[Answer], T]) -> T: ...

    def resolve(self, link: str) -> str: ...

    def post(self, target: str, content: Any, decode: Callable[[Answer], T]) -> T: ...


@dataclass(frozen=True, slots=True)
class Page:
    """Records of one page as the server's own bytes. `total`, on the first page of a list, is what the vendor announces for
    the whole list, if it does.

    `next_cursor` is where a later load goes on; `files` are drop files (name -> sha256) that are whole with this page; `swept`
    is what a sweep has counted, by stream.
    """

    records: list[bytes]
    total: int | None = None
    next_cursor: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    swept: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run: its id and its simulated or real `now` (aware UTC). `window_start` overrides where a backfill begins."""

    run_id: str
    now: datetime
    window_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything a source needs to read one stream: from where, until when, and by which client.

    `window_from` is inclusive and already moved back by the stream's lag, `window_to` is exclusive; `cursor` is the
    vendor's token of the last admitted load; `files_seen` are the drop files of admitted loads; `storage` holds those loads.
    """

    stream: "Stream"
    client: Reader
    window_from: datetime
    window_to: datetime
    cursor: str | None = None
    files_seen: Mapping[str, str] = field(default_factory=dict)
    storage: Any = None


Pages = Callable[[Reading], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a vendor can tell of all records of a stream that it has now: how many (`count`), and which (`keys`, pages of
    records that hold at least the primary key). Without `keys` hard deletes of the stream are not looked for.

    `told_gone` is SQL over the typed columns: true for a record that the vendor itself tells to be deleted. `keys` may list
    such records or not, `count` counts them not.
    """

    count: Callable[[Reading], int] | None = None
    keys: Pages | None = None
    told_gone: str = "false"


@dataclass(frozen=True, slots=True)
class Stream:
    """One table of one vendor: how it is read and what its records must look like.

    `pages` reads it; `cursor_field` names the typed column that says how new a record is; `identity` is the namespace of its
    people, named by `identity_columns` together where the records are not people themselves; `untyped_keys` are keys that the
    vendor is known to send and that we keep in raw only, so that anything else counts as drift. `volume` = (least share,
    greatest factor) of the usual number of records. `meaning` is one record in a sentence.
    """

    source: str
    domain: str
    name: str
    mode: Mode
    pages: Pages
    primary_key: tuple[str, ...]
    cursor_field: str | None
    columns: tuple[Column, ...]
    identity: str | None = None
    identity_columns: tuple[str, ...] = ()
    contract: int = 1
    lag: timedelta = timedelta(0)
    volume: tuple[float, float] = (0.2, 10.0)
    untyped_keys: tuple[str, ...] = ()
    may_send_less: bool = False
    meaning: str = ""
    holdings: Holdings | None = None

    @property
    def full_name(self) -> str:
        """`zendesk.tickets`."""
        return f"{self.source}.{self.name}"

    def column(self, name: str) -> Column:
        """The declared column of that name."""
        return next(column for column in self.columns if column.name == name)

    def typed_columns(self) -> dict[str, str]:
        """Name -> DuckDB type of every column of the typed load, in order, with the load columns at the end."""
        columns: dict[str, str] = {"identity_key": "varchar"} if self.identity else {}
        for column in self.columns:
            if column.personal == "email":
                columns |= {f"{column.name}_key": "varchar", f"{column.name}_domain": "varchar"}
            else:
                columns[column.name] = column.type
        return columns | {"_source": "varchar", "_seq": "integer", "_index": "bigint", "_loaded_at": "timestamp"}


@dataclass(frozen=True, slots=True)
class Source:
    """One vendor, or one further tenant of it (`vendor` is then vendor@tenant): its streams in landing order and how to open a
    client for it (drops need none).

    `check_path` with `check_params` is one cheap authenticated call.
    """

    vendor: str
    title: str
    domain: str
    streams: dict[str, Stream]
    open_client: Callable[[Any], Any] | None = None
    check_path: str = ""
    check_params: Mapping[str, str] = field(default_factory=dict)


def vendor_of(source: str) -> str:
    """`zendesk` for zendesk and for zendesk@emea."""
    return source.partition("@")[0]


def tenant_of(source: str) -> str:
    """`emea` for zendesk@emea; empty for the main tenant."""
    return source.partition("@")[2]


def of_tenant(source: Source, name: str) -> Source:
    """The same vendor as the tenant `name` (vendor@tenant): streams of that name, and people in namespaces of their own."""
    streams = {
        key: replace(stream, source=name, identity=stream.identity and stream.identity.replace(source.vendor, name, 1))
        for key, stream in source.streams.items()
    }
    return replace(source, vendor=name, title=f"{source.title} ({tenant_of(name)})", streams=streams)


@dataclass(frozen=True, slots=True)
class Part:
    """One landed file: its key, records, bytes before compression, and the SHA-256 of the file."""

    key: str
    records: int
    raw_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The commit and the cursor of one load. Times are ISO 8601 UTC; only started_at and ended_at are wall clock."""

    version: int
    source: str
    stream: str
    seq: int
    run_id: str
    attempt: str
    mode: Mode
    now: str
    window_from: str
    window_to: str
    cursor_in: str | None
    next_cursor: str | None
    high_water: str | None
    records: int
    pages: int
    requests: int
    retries: int
    vendor_total: int | None
    parts: list[Part]
    contract: int
    started_at: str
    ended_at: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What typing made of one load: typed + set_aside = records. `null_counts` are over the typed records.

    `attempt` is that of the manifest that was typed; `keys` is how many different primary keys a snapshot has (None where an
    older program typed it, and in other modes).
    """

    source: str
    stream: str
    seq: int
    run_id: str
    now: str
    contract: int
    records: int
    typed: int
    set_aside: int
    set_aside_reasons: dict[str, int]
    unknown_keys: dict[str, int]
    null_counts: dict[str, int]
    vendor_total: int | None
    newest_event_at: str | None
    parquet_key: str
    set_aside_parquet_key: str
    attempt: str = ""
    keys: int | None = None
