"""Records cut down to their declared columns, as lines of JSON that DuckDB reads at once: the quick way into typing.

It takes only records whose values have the JSON kinds that the declaration expects (a text for a text, a text or a whole number
for a whole number, and so on); for those the kind need not be looked at again. Any other record is left to typing_sql.checked,
which knows every kind and every reason, and both ways give the same columns.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from learning_warehouse.keys import email_domain, email_key, identity_key
from learning_warehouse.streams import Column, Stream
from learning_warehouse.typing_sql import cast, is_doubtful, literal, quoted

Whole = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
KINDS: dict[str, Any] = {
    "varchar": str | None,
    "bigint": Whole | str | None,
    "double": float | Whole | str | None,
    "boolean": bool | str | None,
    "timestamp": str | None,
    "date": str | None,
    "json": Any,
}
INDEX = "_index"
IDENTITY = "_identity_key"
LARGEST_LINE = 32 * 2**20
REMEMBERED = 50_000
Tree = dict[str, "Column | Tree"]
SetKey = Callable[[Any], None]
Read = Callable[[Any], str | None]


class _Odd(ValueError):
    """A value that the quick way does not judge."""


_JSON = msgspec.json.Encoder()
REFUSED = (msgspec.ValidationError, OverflowError, RecursionError, _Odd)


class Narrowing:
    """The quick way for one stream. `fits` is False when its columns cannot be read that way; then nothing else may be called."""

    def __init__(self, stream: Stream, secret: bytes) -> None:
        self._stream = stream
        self._addresses = [column for column in stream.columns if column.personal == "email"]
        self._tree = _tree(stream)
        self._own = [INDEX, *([IDENTITY] if stream.identity else []), *(key for pair in self._key_names() for key in pair)]
        identities = [stream.column(name) for name in stream.identity_columns or stream.primary_key[:1]]
        self.fits = _is_clear(self._tree, self._own) and all(one.type in ("varchar", "bigint") for one in identities)
        if self.fits:
            self._shape = _shape(self._tree, tuple(self._own))
            self._shapes = list[self._shape]  # type: ignore[name-defined]
            self._set_keys = list(self._key_setters(identities, secret))

    def lines(self, places: Sequence[int], values: Sequence[dict[str, Any]]) -> tuple[bytes, list[int]]:
        """Lines of JSON for decoded records and their places in the load; also the places of those that are left out."""
        try:
            return self._encoded(places, msgspec.convert(values, self._shapes)), []
        except REFUSED:
            return self._one_by_one(places, values)

    def select(self, path: str) -> str:
        """SELECT over the file of lines: the typed load's columns without its stamps, `_index`, and `_doubt` = look again."""
        kinds = {INDEX: "BIGINT", **dict.fromkeys(self._own[1:], "VARCHAR")}
        kinds |= {name: _duckdb_type(node) for name, node in self._tree.items()}
        columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in kinds.items())
        options = f"format = 'newline_delimited', columns = {{{columns}}}, maximum_object_size = {LARGEST_LINE}"
        source = f"read_json({literal(path)}, {options})"
        texts = {f"t{position}": column for position, column in enumerate(self._stream.columns)}
        read = [f"{'.'.join(map(quoted, column.json_path.split('.')))} AS {text}" for text, column in texts.items()]
        casts = [f"{cast(column, text)} AS {quoted(column.name)}" for text, column in texts.items()]
        doubts = " OR ".join(is_doubtful(column, text) for text, column in texts.items())
        inner = f"SELECT {', '.join([*map(quoted, self._own), *read])} FROM {source}"
        return f"SELECT {', '.join(self._final())}, ({doubts}) AS _doubt FROM (SELECT *, {', '.join(casts)} FROM ({inner}))"

    def _final(self) -> list[str]:
        columns = [f"{quoted(IDENTITY)} AS identity_key"] if self._stream.identity else []
        for column in self._stream.columns:
            if column.personal == "email":
                columns += [f"{quoted(f'_{column.name}{end}')} AS {quoted(column.name + end)}" for end in ("_key", "_domain")]
            else:
                columns.append(quoted(column.name))
        return [INDEX, *columns]

    def _encoded(self, places: Sequence[int], records: list[Any]) -> bytes:
        for place, record in zip(places, records, strict=True):
            record.own_0 = place
        for set_key in self._set_keys:
            for record in records:
                set_key(record)
        return _JSON.encode_lines(records)

    def _one_by_one(self, places: Sequence[int], values: Sequence[dict[str, Any]]) -> tuple[bytes, list[int]]:
        lines, left = [], []
        for place, value in zip(places, values, strict=True):
            try:
                lines.append(self._encoded([place], [msgspec.convert(value, self._shape)]))
            except REFUSED:
                left.append(place)
        return b"".join(lines), left

    def _key_names(self) -> list[tuple[str, str]]:
        return [(f"_{column.name}_key", f"_{column.name}_domain") for column in self._addresses]

    def _key_setters(self, identities: list[Column], secret: bytes) -> Iterable[SetKey]:
        """What puts the keyed hashes of people into a narrowed record, beside their ids and addresses."""
        remembered = lru_cache(REMEMBERED) if self._stream.identity_columns or not self._stream.identity else _as_it_is
        if namespace := self._stream.identity:
            readers = [_reader(self._tree, column) for column in identities]
            yield _identity_setter(readers, remembered(lambda text: identity_key(secret, namespace, text)))
        for column, (key, domain) in zip(self._addresses, self._key_names(), strict=True):
            fields = tuple(f"own_{self._own.index(name)}" for name in (key, domain))
            keys = remembered(lambda text: (email_key(secret, text), email_domain(text)))
            yield _address_setter(_reader(self._tree, column), fields, keys)


def _as_it_is(function: Callable[[str], Any]) -> Callable[[str], Any]:
    return function


def _identity_setter(readers: list[Read], key: Callable[[str], str]) -> SetKey:
    def set_key(record: Any) -> None:
        texts = [text for read in readers if (text := read(record)) is not None]
        record.own_1 = key(" ".join(texts)) if texts else None

    return set_key


def _address_setter(read: Read, fields: tuple[str, ...], keys: Callable[[str], tuple[str, str]]) -> SetKey:
    key_field, domain_field = fields

    def set_key(record: Any) -> None:
        text = read(record)
        if text is not None:
            key, domain = keys(text)
            setattr(record, key_field, key)
            setattr(record, domain_field, domain)
        else:
            setattr(record, key_field, None)
            setattr(record, domain_field, None)

    return set_key


def _reader(tree: Tree, column: Column) -> Read:
    """What a text or whole-number column of a narrowed record says, as text. Raises _Odd where spelling or blanks decide."""
    fields, node = [], tree
    for step in column.json_path.split("."):
        fields.append(f"f{list(node).index(step)}")
        node = node[step]  # type: ignore[assignment]
    *steps, last = fields
    is_text = column.type == "varchar"

    def read(record: Any) -> str | None:
        for field in steps:
            record = getattr(record, field)
            if record is None:
                return None
        value = getattr(record, last)
        if not value and value != 0:
            return None
        if isinstance(value, int):
            return str(value)
        if not is_text or value.isspace():
            raise _Odd
        return str(value)

    return read


def _tree(stream: Stream) -> Tree:
    """The declared columns by their paths; empty when two of them meet."""
    tree: Tree = {}
    for column in stream.columns:
        *steps, last = column.json_path.split(".")
        node = tree
        for step in steps:
            below = node.setdefault(step, {})
            if isinstance(below, Column):
                return {}
            node = below
        if last in node:
            return {}
        node[last] = column
    return tree


def _is_clear(tree: Tree, taken: Sequence[str] = ()) -> bool:
    """Whether all names of one level differ in more than upper and lower case, which DuckDB does not tell apart."""
    folded = [name.casefold() for name in (*tree, *taken)]
    below = [node for node in tree.values() if isinstance(node, dict)]
    return bool(tree) and len(set(folded)) == len(folded) and all(map(_is_clear, below))


def _shape(tree: Tree, own: tuple[str, ...] = (), name: str = "Narrowed") -> Any:
    fields: list[tuple[str, Any, Any]] = [(f"own_{position}", Any, None) for position in range(len(own))]
    names = {f"own_{position}": key for position, key in enumerate(own)}
    for position, (key, node) in enumerate(tree.items()):
        kind = KINDS[node.type] if isinstance(node, Column) else _shape(node, name=f"{name}_{position}") | None
        fields.append((f"f{position}", kind, None))
        names[f"f{position}"] = key
    return msgspec.defstruct(name, fields, rename=names, omit_defaults=True, gc=False)


def _duckdb_type(node: "Column | Tree") -> str:
    if isinstance(node, Column):
        return "JSON" if node.type == "json" else "VARCHAR"
    return f"STRUCT({', '.join(f'{quoted(name)} {_duckdb_type(below)}' for name, below in node.items())})"
