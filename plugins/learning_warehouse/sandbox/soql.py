"""The part of SOQL that the sandbox answers.

`SELECT field, ... FROM Object [WHERE condition AND ...] [ORDER BY field [ASC|DESC], ...] [LIMIT n]` and
`SELECT COUNT() FROM Object ...`. A condition is `field operator literal` with = != < <= > >= or `field IN (...)`.
Datetime literals are unquoted and need an offset; dates are YYYY-MM-DD; texts are quoted with '.
"""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

_SHAPE = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<object>\w+)(?:\s+WHERE\s+(?P<where>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>.+?))?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_LITERAL = r"'(?:[^'\\]|\\.)*'|[^\s()',]+"
_CONDITION = re.compile(
    rf"\s*(?P<field>\w+)\s*(?:(?P<operator>!=|<>|<=|>=|=|<|>)\s*(?P<literal>{_LITERAL})"
    rf"|\s(?P<negated>NOT\s+)?IN\s*\((?P<list>\s*(?:{_LITERAL})(?:\s*,\s*(?:{_LITERAL}))*\s*)\))\s*(?P<and>AND\b)?",
    re.IGNORECASE,
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


class QueryError(ValueError):
    """A query Salesforce would refuse; `code` is its errorCode."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Query:
    """One parsed query. `fields` is empty for COUNT()."""

    object_name: str
    fields: tuple[str, ...]
    conditions: tuple[Callable[[dict[str, Any]], bool], ...]
    order: tuple[tuple[str, bool], ...]
    limit: int | None


def parse(text: str, schema: dict[str, tuple[str, ...]]) -> Query:
    """Parse a query against the known objects and their field names. Raises QueryError."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise QueryError("MALFORMED_QUERY", f"unexpected token: '{text.strip()[:40]}'")
    object_name = next((name for name in schema if name.lower() == shape["object"].lower()), None)
    if object_name is None:
        raise QueryError("INVALID_TYPE", f"sObject type '{shape['object']}' is not supported.")
    names = {name.lower(): name for name in schema[object_name]}

    def field(written: str) -> str:
        name = names.get(written.strip().lower())
        if name is None:
            message = f"No such column '{written.strip()}' on entity '{object_name}'. If you are attempting to use a custom"
            raise QueryError("INVALID_FIELD", f"{message} field, be sure to append the '__c' after the custom field name.")
        return name

    counts = re.fullmatch(r"COUNT\(\s*\)", shape["fields"].strip(), re.IGNORECASE)
    fields = () if counts else tuple(field(part) for part in shape["fields"].split(","))
    conditions = tuple(_conditions(shape["where"], field)) if shape["where"] else ()
    order = tuple(_order(shape["order"], field)) if shape["order"] else ()
    return Query(object_name, fields, conditions, order, int(shape["limit"]) if shape["limit"] else None)


def _conditions(text: str, field: Callable[[str], str]) -> list[Callable[[dict[str, Any]], bool]]:
    found, position, more = [], 0, True
    while more:
        match = _CONDITION.match(text, position)
        if match is None:
            raise QueryError("MALFORMED_QUERY", f"unexpected token: '{text[position : position + 40].strip()}'")
        found.append(_condition(match, field(match["field"])))
        position, more = match.end(), bool(match["and"])
    if text[position:].strip():
        raise QueryError("MALFORMED_QUERY", f"unexpected token: '{text[position:].strip()[:40]}'")
    return found


def _condition(match: re.Match[str], name: str) -> Callable[[dict[str, Any]], bool]:
    if match["list"] is not None:
        values = [literal(part) for part in re.findall(_LITERAL, match["list"])]
        wanted = not match["negated"]
        return lambda record: (record[name] in values) == wanted
    value = literal(match["literal"])
    compare = _OPERATORS[match["operator"]]

    def holds(record: dict[str, Any]) -> bool:
        found = record[name]
        if found is None or value is None:
            return compare(found, value) if compare in (operator.eq, operator.ne) else False
        if isinstance(value, datetime) != isinstance(found, datetime) or isinstance(value, date) != isinstance(found, date):
            message = f"value of filter criterion for field '{name}' must be of the field's own type and not enclosed in quotes"
            raise QueryError("INVALID_QUERY_FILTER_OPERATOR", message)
        try:
            return compare(found, value)
        except TypeError as error:
            raise QueryError("INVALID_QUERY_FILTER_OPERATOR", f"invalid operator or value for field '{name}'") from error

    return holds


def literal(text: str) -> Any:
    """The value of one SOQL literal. Raises QueryError."""
    if text.startswith("'"):
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    if text.lower() in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text.lower()]
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return date.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)", text, re.IGNORECASE):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
        return float(text)
    except ValueError as error:
        raise QueryError("MALFORMED_QUERY", f"unexpected token: '{text}'") from error


def _order(text: str, field: Callable[[str], str]) -> list[tuple[str, bool]]:
    parts = []
    for part in text.split(","):
        words = part.split()
        if not 1 <= len(words) <= 2 or (len(words) == 2 and words[1].upper() not in ("ASC", "DESC")):
            raise QueryError("MALFORMED_QUERY", f"unexpected token: '{part.strip()}'")
        parts.append((field(words[0]), len(words) == 2 and words[1].upper() == "DESC"))
    return parts


def run(query: Query, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records a query finds, in its order (nulls first, as Salesforce sorts)."""
    found = [record for record in records if all(condition(record) for condition in query.conditions)]
    for name, descending in reversed(query.order):
        found = sorted(found, key=lambda record: _sort_key(record[name]), reverse=descending)
    return found[: query.limit] if query.limit is not None else found


def _sort_key(value: Any) -> tuple[bool, Any]:
    return (False, 0) if value is None else (True, value)
