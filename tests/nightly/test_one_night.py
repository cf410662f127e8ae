"""Two nights of a small company, from real HTTP to core tables, against what plain Python says of the same facts.

Sandbox, landing, typing, audit, admission and dbt run as they do in a night; every core table must then hold exactly the
rows of `core_facts`: same keys, same times, numbers equal to nine digits. The second night lands only what changed. Two hundred
people, or five hundred with LW_PRIVACY=all: the company in which every published answer is exact or "too few".
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from published_figures import STATES, figures, without_the_rule

from learning_warehouse.simulation.core_tables import TABLES

FIRST_NIGHT = datetime.fromisoformat("2026-12-01T01:00:00+00:00")
EMPLOYEES, ACCOUNTS = (500, 300) if os.environ.get("LW_PRIVACY") == "all" else (200, 120)
COMPANY_OF = {
    "LW_SEED": "1",
    "LW_EMPLOYEES": str(EMPLOYEES),
    "LW_ACCOUNTS": str(ACCOUNTS),
    "LW_PERSON_KEY_SECRET": "a fixed key, so that rows repeat",
}
pytestmark = pytest.mark.slow


@dataclass
class Night:
    """What one night gave: records by stream, verdicts, rows of every core table, and the rows that must be there."""

    records: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    built: dict[str, "Counter[tuple[Any, ...]]"] = field(default_factory=dict)
    expected: dict[str, "Counter[tuple[Any, ...]]"] = field(default_factory=dict)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Night]]:
    """The first and the second night, one after the other in one home."""
    from learning_warehouse import simulated
    from learning_warehouse.sandbox import process
    from learning_warehouse.settings import reset_settings, settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LW_HOME", str(tmp_path_factory.mktemp("nights") / "home"))
        for name, value in COMPANY_OF.items():
            patch.setenv(name, value)
        for name in ("LW_COMPANY_FILE", "LW_DROP_FOLDER", "LW_KILL_AT", "LW_RUN_ID"):
            patch.delenv(name, raising=False)
        reset_settings()
        settings().home.mkdir(parents=True)
        sandbox = process.start(settings(), FIRST_NIGHT)
        try:
            results = []
            for number in range(2):
                now = FIRST_NIGHT + timedelta(days=number)
                sandbox.move(now)
                simulated.write_drops(now)
                results.append(_night(number, now))
            yield results
        finally:
            sandbox.stop()
            reset_settings()


def _night(number: int, now: datetime) -> Night:
    from learning_warehouse import transform
    from learning_warehouse.admission import admit, ensure_empty
    from learning_warehouse.audit import audit
    from learning_warehouse.landing import land_and_type
    from learning_warehouse.sources import SOURCES, every_stream, is_read
    from learning_warehouse.storage import storage
    from learning_warehouse.streams import RunContext

    night, run_id = Night(), f"night-{number}"
    for stream in filter(lambda stream: is_read(stream.full_name), every_stream()):
        night.records[stream.full_name] = land_and_type(stream.full_name, RunContext(run_id=run_id, now=now)).records
    for domain in dict.fromkeys(source.domain for source in SOURCES.values()):
        for verdict in audit(domain, run_id, now, storage()):
            night.verdicts[f"{verdict.source}.{verdict.stream}"] = verdict.verdict
        admit(domain, storage())
    ensure_empty(storage())
    transform.prepare(now)
    for layer in ("staging", "intermediate", "core"):
        transform.build_layer(layer)
    _read(transform.warehouse_file(), night)
    _expect(now, night)
    return night


def _read(warehouse: Path, night: Night) -> None:
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select table_schema, table_name, list(column_name order by ordinal_position) from information_schema.columns "
            "where table_schema in ('core', 'restricted') group by table_schema, table_name"
        ).fetchall()
        for schema, table, columns in found:
            rows = connection.execute(f"select {', '.join(columns)} from {schema}.{table}").fetchall()
            night.columns[table] = columns
            night.built[table] = Counter(tuple(map(_plain, row)) for row in rows)


def _expect(now: datetime, night: Night) -> None:
    from learning_warehouse.settings import company, settings
    from learning_warehouse.simulation.company import simulate
    from learning_warehouse.simulation.core_facts import core_facts

    known = settings()
    ledger = simulate(known.seed, known.employees, known.accounts)
    for table, rows in core_facts(ledger, now, known.person_key(), company()).items():
        night.expected[table] = Counter(tuple(_plain(row[name]) for name in night.columns[table]) for row in rows)


def _plain(value: Any) -> Any:
    return float(f"{value:.9g}") if isinstance(value, float) else value


def _difference(night: Night, table: str) -> str:
    names = night.columns[table]
    built, expected = night.built[table], night.expected[table]
    lines = [f"{table}: {sum(built.values())} rows built, {sum(expected.values())} expected"]
    for title, rows in (("built but not expected", built - expected), ("expected but not built", expected - built)):
        lines.append(f"{sum(rows.values())} rows {title}")
        lines += [f"  {dict(zip(names, map(str, row), strict=True))}" for row in list(rows)[:3]]
    return "\n".join(lines)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("number", [0, 1], ids=["first-night", "second-night"])
def test_a_core_table_holds_exactly_the_facts(nights: list[Night], number: int, table: str) -> None:
    night = nights[number]
    assert night.expected[table], "nothing to compare is no proof"
    assert night.built[table] == night.expected[table], _difference(night, table)


def test_no_core_table_goes_uncompared(nights: list[Night]) -> None:
    assert sorted(nights[0].expected) == sorted(TABLES)
    assert sorted(nights[0].built) == sorted(TABLES)


def test_every_load_of_a_good_night_is_admitted(nights: list[Night]) -> None:
    for night in nights:
        assert set(night.verdicts) == set(night.records)
        assert set(night.verdicts.values()) <= {"admitted", "empty"}


def test_the_second_night_lands_only_what_changed(nights: list[Night]) -> None:
    first, second = nights[0].records, nights[1].records
    for stream in ("absorb.enrollments", "zendesk.tickets", "salesforce.opportunities", "bamboohr.job_info", "drops.checkins"):
        assert second[stream] < first[stream] / 20, stream
    assert sum(second.values()) > 0


def test_the_facts_of_the_second_night_are_not_those_of_the_first(nights: list[Night]) -> None:
    changed = [table for table in TABLES if nights[0].built[table] != nights[1].built[table]]
    assert {"fct_enrollments", "fct_tickets", "fct_account_months", "dim_company"} <= set(changed)


def test_learners_are_matched_as_often_as_the_company_was_planted_to_allow(nights: list[Night]) -> None:
    from learning_warehouse.simulation.company import simulate

    night = nights[0]
    columns = night.columns["bridge_identity"]
    rows = [dict(zip(columns, row, strict=True)) for row in night.built["bridge_identity"]]
    people = [dict(zip(night.columns["dim_people"], row, strict=True)) for row in night.built["dim_people"]]
    tests = {person["person_key"] for person in people if person["is_test"]}
    learners = [row for row in rows if row["source"] == "absorb.users" and row["person_key"] not in tests]
    planted = simulate(1, EMPLOYEES, ACCOUNTS).expected_match_rate
    assert sum(row["is_matched"] for row in learners) / len(learners) == pytest.approx(planted, abs=1e-9)


@pytest.fixture(scope="module")
def marts(nights: list[Night]) -> Path:
    """The warehouse file with the marts of the second night."""
    from learning_warehouse import transform
    from learning_warehouse.estimates import as_layer

    assert nights[1].built
    transform.build_layer("studies")
    as_layer()
    transform.build_layer("marts")
    return transform.warehouse_file()


def test_published_headline_figures_are_what_plain_python_counts_on_the_same_facts(marts: Path) -> None:
    import duckdb

    from learning_warehouse.settings import company, settings
    from learning_warehouse.simulation.company import simulate
    from learning_warehouse.simulation.headline import headline_values, places

    known, now = settings(), FIRST_NIGHT + timedelta(days=1)
    ledger = simulate(known.seed, known.employees, known.accounts)
    values, found = headline_values(ledger, now, company()), places(ledger, now, company())
    published = {}
    with duckdb.connect(str(marts), read_only=True) as connection:
        for metric, place in found.items():
            rows = connection.execute(f"select {place.columns} from marts.{place.mart} where {place.condition}").fetchall()
            assert len(rows) == 1, (metric, place)
            published[metric] = rows[0]
    shown = {metric: row for metric, row in published.items() if row[0] is not None}
    assert len(shown) >= 15, "too small a company proves nothing"
    for metric, (value, n, denominator) in shown.items():
        assert value == pytest.approx(values[metric].value, rel=1e-9), metric
        assert (n, denominator) == (round(values[metric].n), round(values[metric].denominator)), metric


def test_every_published_figure_is_exact_or_held_back_whole(marts: Path, tmp_path: Path) -> None:
    """Against the marts built without the rule for small groups: nothing is blurred, nothing is left of what is held back."""
    from learning_warehouse.privacy_report import report

    told: Counter[str] = Counter()
    blurred, half_told = [], []
    for figure in figures(marts, without_the_rule(marts, tmp_path)):
        told[figure.state] += 1
        if figure.state == "reads" and not figure.is_exact:
            blurred.append(figure)
        elif figure.state != "reads" and not figure.is_silent:
            half_told.append(figure)
    assert (blurred[:5], half_told[:5]) == ([], [])
    assert set(told) <= STATES
    assert told["reads"] > 3000, told
    assert told["too_few"] > 3000, told
    found = report(marts)
    assert found.covered / found.employees >= 0.8
    assert (found.recoverable, found.left_over, found.months) == (0, 0, 0)
