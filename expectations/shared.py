"""The few shapes of expectation that every suite is written in.

A suite is a list of Great Expectations objects and nothing else: no context, no data, no I/O. Each expectation carries
a severity (critical: the load is held back; warning: the load is admitted and the figure it touches is flagged), a
`description` that is true when it is green, `notes` in plain English (what it means, which figure it touches, what to
do) and `meta` with the name of the check, the figure and the sentence said when it is red. In that sentence `{share}`
becomes the share of records that broke the rule.

`filled_share` is the one number a suite does not know: the share of records that must be filled, which the audit
derives from the number of records and the set-aside limit of the stream. A single bad record must not stop a small load
night after night.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

FILLED_SHARE = "filled_share"
EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - typed times are naive UTC
KEYED_HASH = "^[0-9a-f]{32}$"
SEE_RECORDS = "Look at the records with `lw quarantine`, correct them at the source; the next night asks for them again."
ASK_OWNER = "Ask the administrator of the source what changed, then adapt the suite or the mapping."


def _words(name: str, *, severity: str, good: str, red: str, means: str, touches: str, do: str) -> dict[str, Any]:
    return {
        "severity": severity,
        "description": f"{severity.capitalize()}: {good} {means} Touches: {touches}.",
        "notes": [means, f"Touches: {touches}.", do],
        "meta": {"check": name, "touches": touches, "red": red},
    }


def columns_read(expectation: "Expectation") -> set[str]:
    """The columns that one expectation computes with; the list of a shape check is not computed with."""
    found = {getattr(expectation, name) for name in ("column", "column_A", "column_B") if getattr(expectation, name, None)}
    found |= set(getattr(expectation, "column_list", None) or [])
    condition = condition_of(expectation)
    return found | ({condition.split()[0]} if condition else set())


def condition_of(expectation: "Expectation") -> str | None:
    """The pandas condition of an expectation on some rows only; it starts with the name of its column."""
    condition = getattr(expectation, "row_condition", None)
    return getattr(condition, "pass_through_filter", None)


def for_size(expectations: "Sequence[Expectation]", records: int) -> "list[Expectation]":
    """The same suite with the room that chance needs in a small load: three standard errors on every usual share.

    A night may bring five records; one blank among them is no news. Over 50,000 records the share is as written.
    """
    return [_with_room(expectation, records) for expectation in expectations]


def _with_room(expectation: "Expectation", records: int) -> "Expectation":
    share = getattr(expectation, "mostly", None)
    if not isinstance(share, float) or share >= 1:
        return expectation
    room = 3 * (share * (1 - share) / max(records, 1)) ** 0.5
    return expectation.copy(update={"mostly": max(0.0, share - room)})


def columns_present(names: str, touches: str) -> "Expectation":
    """Critical: all columns that later steps read are there (more may be). `names` are separated by spaces."""
    import great_expectations.expectations as gxe

    words = _words(
        "columns_present",
        severity="critical",
        good="All columns that the marts read are there.",
        red="columns are missing",
        means="A column that disappears would turn figures into blanks.",
        touches=touches,
        do=ASK_OWNER,
    )
    return gxe.ExpectTableColumnsToMatchSet(column_set=names.split(), exact_match=False, **words)


def filled(column: str, means: str, touches: str, *, severity: str = "critical", do: str = SEE_RECORDS) -> "Expectation":
    """The column is filled in every record, up to the set-aside limit of the stream."""
    import great_expectations.expectations as gxe

    good, red = f"Every record has {column}.", f"{{share}} of records have no {column}"
    words = _words(f"{column}_filled", severity=severity, good=good, red=red, means=means, touches=touches, do=do)
    return gxe.ExpectColumnValuesToNotBeNull(column=column, mostly={"$PARAMETER": FILLED_SHARE}, **words)


def filled_at_least(column: str, share: float, means: str, touches: str, *, do: str = ASK_OWNER) -> "Expectation":
    """Warning: an optional column is filled in at least this share of records."""
    import great_expectations.expectations as gxe

    good, red = (
        f"At least {share:.0%} of records have {column}.",
        f"{{share}} of records have no {column} (usual: under {1 - share:.0%})",
    )
    words = _words(f"{column}_usually_filled", severity="warning", good=good, red=red, means=means, touches=touches, do=do)
    return gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=share, **words)


def unique(column: str, means: str, touches: str, *, severity: str = "critical", mostly: float = 1.0) -> "Expectation":
    """No value comes twice in one load; `mostly` under 1 where the vendor documents repeats."""
    import great_expectations.expectations as gxe

    good, red = f"No {column} comes twice in one load.", f"{{share}} of records share their {column} with another"
    do = "Check the paging of this source; the newest copy of a record wins in staging."
    words = _words(f"{column}_unique", severity=severity, good=good, red=red, means=means, touches=touches, do=do)
    return gxe.ExpectColumnValuesToBeUnique(column=column, mostly=mostly, **words)


def unique_together(columns: Sequence[str], means: str, touches: str, *, severity: str = "critical") -> "Expectation":
    """No combination of these columns comes twice."""
    import great_expectations.expectations as gxe

    name, told = "_".join(columns) + "_unique", " + ".join(columns)
    good, red = f"No combination of {told} comes twice.", f"{{share}} of rows repeat a combination of {told}"
    words = _words(name, severity=severity, good=good, red=red, means=means, touches=touches, do=ASK_OWNER)
    return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(columns), **words)


def known_values(
    column: str, values: Sequence[Any], means: str, touches: str, *, severity: str = "warning", mostly: float = 1.0
) -> "Expectation":
    """Only values that the mapping knows; a new one is kept as `other` until somebody maps it."""
    import great_expectations.expectations as gxe

    good, red = f"{column} is one of: {_listed(values)}.", f"{{share}} of records have an unknown {column}"
    words = _words(f"{column}_known", severity=severity, good=good, red=red, means=means, touches=touches, do=ASK_OWNER)
    return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(values), mostly=mostly, **words)


def between(
    column: str,
    low: float | datetime | None,
    high: float | datetime | None,
    means: str,
    touches: str,
    *,
    severity: str = "warning",
    mostly: float = 1.0,
    condition: str | None = None,
    in_words: str = "",
) -> "Expectation":
    """Values lie in [low, high]; blanks are ignored. `condition` (pandas) keeps the rows that are `in_words`."""
    import great_expectations.expectations as gxe

    bounds = _bounds(low, high)
    name = f"{column}_{bounds.replace(' ', '_')}" + (f"_when_{in_words}" if in_words else "")
    good, red = f"{column} is {bounds}.", f"{{share}} of records have {column} that is not {bounds}"
    words = _words(name, severity=severity, good=good, red=red, means=means, touches=touches, do=SEE_RECORDS)
    on_rows = {"row_condition": condition, "condition_parser": "pandas"} if condition else {}
    return gxe.ExpectColumnValuesToBeBetween(column=column, min_value=low, max_value=high, mostly=mostly, **on_rows, **words)


def not_ancient(column: str, touches: str) -> "Expectation":
    """Warning: no time before 2000, which is how a zero or a default date shows itself."""
    return between(column, EARLIEST, None, "A date before 2000 is a default or a zero, not an event.", touches)


def not_before(
    later: str,
    earlier: str,
    means: str,
    touches: str,
    *,
    severity: str = "warning",
    mostly: float = 0.99,
    word: str = "before",
) -> "Expectation":
    """`later` is never before `earlier`, where both are filled; 1 % is tolerated because clocks and corrections differ."""
    import great_expectations.expectations as gxe

    good, red = f"{later} is never {word} {earlier}.", f"{{share}} of records have {later} {word} {earlier}"
    name = f"{later}_not_{word}_{earlier}"
    words = _words(name, severity=severity, good=good, red=red, means=means, touches=touches, do=SEE_RECORDS)
    pair: dict[str, Any] = {"column_A": later, "column_B": earlier, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(mostly=mostly, **pair, **words)


def matches(column: str, pattern: str, good: str, means: str, touches: str, *, severity: str = "critical") -> "Expectation":
    """Every filled value has the given form."""
    import great_expectations.expectations as gxe

    red = f"{{share}} of records have a {column} of another form"
    words = _words(f"{column}_form", severity=severity, good=good, red=red, means=means, touches=touches, do=ASK_OWNER)
    return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=pattern, **words)


def keyed_hash(column: str) -> "Expectation":
    """Critical: a person column holds keyed hashes only, never an address or an id in clear."""
    means = "Anything else would carry a person's address or id into the warehouse."
    return matches(column, KEYED_HASH, f"{column} holds keyed hashes only.", means, "privacy of every person")


def rarely(
    column: str, values: Sequence[Any], mostly: float, *, red: str, means: str, touches: str, do: str = ASK_OWNER
) -> "Expectation":
    """Warning: these values stay rare; `mostly` is the least share of records with another value."""
    import great_expectations.expectations as gxe

    name = f"{column}_rarely_{'_'.join(str(value) for value in values)}"
    good = f"At most {1 - mostly:.0%} of records have {column} {_listed(values)}."
    words = _words(name, severity="warning", good=good, red=red, means=means, touches=touches, do=do)
    return gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=list(values), mostly=mostly, **words)


def filled_where(
    column: str, condition: str, in_words: str, means: str, touches: str, *, severity: str = "warning", mostly: float = 0.99
) -> "Expectation":
    """The column is filled in records that meet a pandas condition, e.g. `status == 3`."""
    import great_expectations.expectations as gxe

    name = f"{column}_filled_when_{in_words.replace(' ', '_')}"
    good, red = f"Records that are {in_words} have {column}.", f"{{share}} of records that are {in_words} have no {column}"
    words = _words(name, severity=severity, good=good, red=red, means=means, touches=touches, do=SEE_RECORDS)
    on_rows: dict[str, Any] = {"row_condition": condition, "condition_parser": "pandas"}
    return gxe.ExpectColumnValuesToNotBeNull(column=column, mostly=mostly, **on_rows, **words)


def blank_where(
    column: str, condition: str, in_words: str, means: str, touches: str, *, severity: str = "warning", mostly: float = 0.99
) -> "Expectation":
    """The column is blank in records that meet a pandas condition."""
    import great_expectations.expectations as gxe

    name = f"{column}_blank_when_{in_words.replace(' ', '_')}"
    good, red = f"Records that are {in_words} have no {column}.", f"{{share}} of records that are {in_words} have {column}"
    words = _words(name, severity=severity, good=good, red=red, means=means, touches=touches, do=SEE_RECORDS)
    on_rows: dict[str, Any] = {"row_condition": condition, "condition_parser": "pandas"}
    return gxe.ExpectColumnValuesToBeNull(column=column, mostly=mostly, **on_rows, **words)


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _bounds(low: float | datetime | None, high: float | datetime | None) -> str:
    told = [f"{value:%Y-%m-%d}" if isinstance(value, datetime) else f"{value:g}" for value in (low, high) if value is not None]
    if low is None or high is None:
        return f"at most {told[0]}" if low is None else f"at least {told[0]}"
    return f"{told[0]} to {told[1]}"
