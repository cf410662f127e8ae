"""exports/<vendor>.yml: which file holds which stream, and which header of it is which column.

Read and checked as a whole: whatever does not fit is told with the line of the file.
"""

from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import settings
from learning_warehouse.streams import Source, Stream
from learning_warehouse.yaml_places import place

HOW = "See docs/exports.md."


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_zone(zone: str) -> str:
    from zoneinfo import available_timezones

    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is not a known time zone such as Europe/Berlin")
    return zone


Zone = Annotated[str, BeforeValidator(_known_zone)]


class Cell(_Strict):
    """Where the value of one column comes from: a header of the file, a constant, or the night that reads the file.

    `format` is a date or time format of Python's strptime, `values` translates words, `split` makes a list of texts, and
    `multiply` brings a number into the unit of the column.
    """

    header: str | None = None
    constant: str | int | float | bool | None = None
    night: Literal[True] | None = None
    format: str | None = None
    time_zone: Zone | None = None
    values: dict[str, str | int | float | bool] = {}
    split: str | None = Field(default=None, min_length=1)
    multiply: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _header_alone(cls, value: Any) -> Any:
        return {"header": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> "Cell":
        if [self.header, self.constant, self.night].count(None) != 2:
            raise ValueError("say exactly one of header, constant or night")
        return self


class ExportedStream(_Strict):
    """One stream: its files (a pattern below the folder of exports) and its columns; `rows` for histories with a line per change.

    `format` and `time_zone` hold for every date and time of the file unless a column says otherwise; `decimal` is the mark in
    numbers.
    """

    files: str = Field(min_length=1)
    columns: dict[str, Cell] = Field(min_length=1)
    rows: dict[str, Cell] = {}
    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    format: str | None = None
    time_zone: Zone = "UTC"

    @model_validator(mode="after")
    def _pattern_stays_inside(self) -> "ExportedStream":
        parts = PurePosixPath(self.files).parts
        if parts[0] == "/" or ".." in parts:
            raise ValueError("files must be a pattern below the folder of exports, such as absorb/users*.csv")
        return self

    @model_validator(mode="after")
    def _encoding_is_known(self) -> "ExportedStream":
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(f"{self.encoding!r} is not a known encoding such as utf-8 or cp1252") from None
        return self

    @property
    def headers(self) -> dict[str, tuple[str, str]]:
        """Every header that is asked for -> where it is asked for first: ("columns" or "rows", name)."""
        asked: dict[str, tuple[str, str]] = {}
        for part, cells in (("columns", self.columns), ("rows", self.rows)):
            for name, cell in cells.items():
                if cell.header is not None:
                    asked.setdefault(cell.header, (part, name))
        return asked


Mapping = dict[str, ExportedStream]


def mapping_file(vendor: str) -> Path:
    """Where the mapping of a vendor lies."""
    return settings().export_folder / f"{vendor}.yml"


def read_mapping(source: Source) -> Mapping:
    """The mapping of one vendor by stream. Raises ConfigurationError with the line and reason of everything that does not fit."""
    path = mapping_file(source.vendor)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise ConfigurationError(
            f"company.yml says that {source.vendor} is exported, but {path} cannot be read.", what_to_do=HOW
        ) from None
    try:
        mapping = TypeAdapter(Mapping).validate_python(yaml.safe_load(text))
        problems = [(location, said) for name, item in mapping.items() for location, said in _problems(source, name, item)]
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name} is not valid YAML: {error}", what_to_do=HOW) from None
    except ValidationError as error:
        problems = [(item["loc"], item["msg"]) for item in error.errors()]
    if problems:
        raise ConfigurationError(
            "\n".join(f"{path.name} {place(text, where)}: {said}" for where, said in problems), what_to_do=HOW
        )
    return mapping


def _problems(source: Source, name: str, item: ExportedStream) -> list[tuple[tuple[int | str, ...], str]]:
    """What a mapping asks of a stream that the stream does not have, or leaves out."""
    stream = source.streams.get(name)
    if stream is None:
        return [((name,), f"{source.vendor} has no stream {name}; it has {', '.join(source.streams)}")]
    declared = [column.name for column in stream.columns]
    found: list[tuple[tuple[int | str, ...], str]] = [
        ((name, "columns", column), f"{stream.full_name} has no column {column}; it has {', '.join(declared)}")
        for column in item.columns
        if column not in declared
    ]
    if item.rows and "rows" not in declared:
        found.append(((name, "rows"), f"{stream.full_name} is no history; leave rows out"))
    missing = [column.name for column in stream.columns if column.required and column.name not in item.columns]
    advice = "; an export without such a header may say {night: true} for a time"
    found += [((name, "columns"), f"{column} is required{advice}") for column in missing]
    return found


def header_place(source_name: str, stream: Stream, part: str, name: str) -> str:
    """`absorb.yml users.columns.date_added (line 7)`, for a complaint about a header."""
    path = mapping_file(source_name)
    return f"{path.name} {place(path.read_text(encoding='utf-8'), (stream.name, part, name))}"
