"""The part of OData that Absorb's `_filter` understands: comparisons, and/or/not, brackets and three text functions.

Typed literals are `guid'...'`, `datetime'2026-01-15T00:00:00Z'`, quoted texts (a quote doubled), numbers, true, false and
null. A nested field is written `customFields/string1`.
"""

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

Getter = Callable[[str], Any]
Predicate = Callable[[Getter], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<typed>(?:datetime|guid)'[^']*')|(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_/]*)|(?P<mark>[(),]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "substringof": lambda first, second: first in second,
    "startswith": lambda first, second: first.startswith(second),
    "endswith": lambda first, second: first.endswith(second),
}


class FilterError(ValueError):
    """The filter text cannot be understood; the text says where."""


def parse_moment(text: str) -> datetime:
    """An ISO 8601 time; without an offset it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def compile_filter(text: str, fields: frozenset[str] | None) -> Predicate:
    """A predicate over records of which only `fields` may be named (None = any). Raises FilterError."""
    parser = _Parser(_tokens(text), fields)
    predicate = parser.either()
    if parser.tokens:
        raise FilterError(f"unexpected {parser.tokens[0][1]!r}")
    return predicate


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, position = [], 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            raise FilterError(f"unreadable at character {position}: {text[position : position + 20]!r}")
        tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
        position = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: frozenset[str] | None) -> None:
        self.tokens = tokens
        self.fields = fields

    def _take(self, *wanted: str) -> str | None:
        if self.tokens and self.tokens[0][1] in wanted:
            return self.tokens.pop(0)[1]
        return None

    def _need(self, *wanted: str) -> str:
        found = self._take(*wanted)
        if found is None:
            raise FilterError(f"expected {' or '.join(wanted)} before {self.tokens[0][1] if self.tokens else 'the end'!r}")
        return found

    def either(self) -> Predicate:
        parts = [self.both()]
        while self._take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else lambda get: any(part(get) for part in parts)

    def both(self) -> Predicate:
        parts = [self.one()]
        while self._take("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else lambda get: all(part(get) for part in parts)

    def one(self) -> Predicate:
        if self._take("not"):
            inner = self.one()
            return lambda get: not inner(get)
        if self._take("("):
            inner = self.either()
            self._need(")")
            return inner
        name = self._take(*_FUNCTIONS)
        return self._function(name) if name else self._comparison()

    def _function(self, name: str) -> Predicate:
        self._need("(")
        first = self._operand()
        self._need(",")
        second = self._operand()
        self._need(")")
        return lambda get: _FUNCTIONS[name](str(first(get) or ""), str(second(get) or ""))

    def _comparison(self) -> Predicate:
        left = self._operand()
        compare = _COMPARISONS[self._need(*_COMPARISONS)]
        right = self._operand()
        return lambda get: _compared(compare, left(get), right(get))

    def _operand(self) -> Callable[[Getter], Any]:
        if not self.tokens:
            raise FilterError("unexpected end")
        kind, text = self.tokens.pop(0)
        if kind == "word" and text not in ("true", "false", "null"):
            if self.fields is not None and text not in self.fields:
                raise FilterError(f"{text} is not filterable")
            return lambda get: get(text)
        value = _literal(kind, text)
        return lambda get: value


def _literal(kind: str, text: str) -> Any:
    if kind == "typed":
        name, content = text[:-1].split("'", 1)
        try:
            return parse_moment(content) if name == "datetime" else content.lower()
        except ValueError as error:
            raise FilterError(f"{content!r} is not a datetime") from error
    if kind == "text":
        return text[1:-1].replace("''", "'")
    if kind == "number":
        return float(text)
    if kind == "word":
        return {"true": True, "false": False, "null": None}[text]
    raise FilterError(f"unexpected {text!r}")


def _compared(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    if isinstance(right, datetime) and isinstance(left, str):
        left = parse_moment(left)
    if left is None or right is None:
        return compare(left, right) if compare in (operator.eq, operator.ne) else False
    try:
        return compare(left, right)
    except TypeError:
        return False
