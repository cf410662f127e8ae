"""SQL that would build on one engine and fail, or mean something else, on another; each rule was learned from a comparison."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
FILES = sorted(
    path
    for folder in ("models", "macros", "tests")
    for path in (PROJECT / folder).rglob("*.sql")
    if path.parent != PROJECT / "macros" / "portable"
)
RULES = {
    r"\bas (?:varchar|double|double precision|float|timestamp|text|string)\s*\)": "use to_text, to_double or to_timestamp",
    r"(?<![\w.])\d+\.\d+\s*/\s*\d": "Spark divides decimals to six places: use ratio",
    r"\[\[:": "Java reads it as a set of letters: use blanks",
    r"\bdate_diff\(|\bdatediff\(|\bstrftime\(|\bto_days\(|\blist_\w+\(|\bunnest\(": "use a macro of macros/portable",
    r"\bany_value\(|\barg_max\(|\barg_min\(|\bmax_by\(|\bbool_or\(|\bbool_and\(": "not on every engine, or not one answer",
}


def _without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|--[^\n]*", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("rule", RULES)
def test_no_sql_uses_what_engines_read_differently(rule):
    found = [
        f"{path.relative_to(PROJECT)}: {match.group(0)}"
        for path in FILES
        for match in re.finditer(rule, _without_comments(path.read_text()), re.IGNORECASE)
    ]
    assert found == [], RULES[rule]


@pytest.mark.parametrize(
    "sql",
    ["cast(x as varchar)", "1.0 / 12", "'[[:space:]]+'", "date_diff('day', a, b)", "any_value(x)"],
)
def test_the_rules_see_what_they_are_for(sql):
    assert any(re.search(rule, sql, re.IGNORECASE) for rule in RULES)
