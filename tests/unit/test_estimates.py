"""The estimate task: readings on registered dates that stay, and what a row may say."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from learning_warehouse import estimate_rows, estimates
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.study_looks import Look, Study, definition_hash, look_on

LOOKS = "2026-12-01;2027-03-01"
STUDY: dict[str, Any] = {
    "study_id": "churn",
    "question": "Do trained customers stay?",
    "unit": "account",
    "cluster_unit": "account",
    "t0_event": "start",
    "exposure_definition": "trained before",
    "exposure_deadline_days": 0,
    "horizon_days": 365,
    "outcome": "churn",
    "outcome_direction": "down",
    "strata_cols": "plan",
    "negative_control_outcome": "",
    "design": "lagged_panel",
    "is_primary": True,
    "alpha": 0.05,
    "min_effect_that_matters": 0.1,
    "min_n_rules": "50",
    "look_dates": LOOKS,
    "registered_at": date(2024, 11, 1),
    "owner": "somebody",
    "value_conversion_id": "",
}
ROW: dict[str, Any] = {
    "company_id": "halden",
    "study_id": "churn",
    "variant": "any",
    "outcome": "churn",
    "horizon_days": 365,
    "method": "person_time",
    "is_headline": True,
    "scale": "ratio",
    "theta": -0.5,
    "error": 0.1,
    "df": None,
    "naive_estimate": 0.4,
    "naive_ci_low": 0.3,
    "naive_ci_high": 0.5,
    "n_treated": 100,
    "n_control": 120,
    "n_units": 220,
    "n_events": 60,
    "n_dropped": 0,
    "overlap_share": 0.9,
    "imbalance": 0.0,
    "missing_gap": None,
    "negative_control_estimate": 1.0,
    "negative_control_low": 0.9,
    "negative_control_high": 1.1,
    "failed_checks": "",
    "untested_checks": "",
    "is_randomized": False,
    "best_tier": "associated",
    "due_date": None,
    "outcomes_from": date(2024, 12, 1),
    "state": "reads",
    "withheld_reason": None,
}
KINDS = {bool: "boolean", int: "bigint", float: "double", str: "varchar", date: "date", datetime: "timestamp"}
EMPTY = {
    "clusters": "company_id varchar, study_id varchar, variant varchar, outcome varchar, horizon_days bigint,"
    " is_treated bigint, y double",
    "risk": "company_id varchar, study_id varchar, variant varchar, at_risk_treated double, at_risk_control double,"
    " events_treated double, events_control double",
}


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], columns: str | None = None) -> None:
    told = columns or ", ".join(
        f"{key} {KINDS.get(type(next((row[key] for row in rows if row[key] is not None), 0.0)), 'double')}" for key in rows[0]
    )
    connection.execute(f"create or replace table {name} ({told})")
    for row in rows:
        connection.execute(f"insert into {name} values ({', '.join('?' for _ in row)})", list(row.values()))


def warehouse(
    file: Path, night: date, rows: list[dict[str, Any]], studies: list[dict[str, Any]] | None = None, **more: Any
) -> None:
    """A warehouse file with nothing but what the task reads."""
    file.parent.mkdir(parents=True, exist_ok=True)
    companies = more.get("companies", ["halden"])
    registered = studies or [STUDY]
    with duckdb.connect(str(file)) as connection:
        for schema in ("core", "staging", "studies"):
            connection.execute(f"create schema if not exists {schema}")
        at = datetime(night.year, night.month, night.day, 1)
        _table(connection, "core.dim_company", [{"company_id": c, "as_of_at": at, "definition_version": 1} for c in companies])
        _table(connection, "staging.impact_studies", registered)
        _table(connection, "studies.suff_estimates", rows or [ROW | {"company_id": "nobody"}])
        for name, columns in EMPTY.items():
            _table(connection, f"studies.suff_{name}", more.get(name, []), columns)
        reach = [
            {"company_id": c, "study_id": study["study_id"], "reaches_us": more.get("reaches", True)}
            for c in companies
            for study in registered
        ]
        _table(connection, "studies.suff_reach", reach)


def published(home: Path, columns: str = "*") -> list[tuple[Any, ...]]:
    """What the marts would read."""
    return duckdb.execute(f"select {columns} from '{home}/working/estimates/current.parquet' order by all").fetchall()


def night(home: Path, day: date, rows: list[dict[str, Any]] | None = None, **more: Any) -> estimates.Estimated:
    """One night: the studies as given, then the task."""
    warehouse(home / "working" / "warehouse.duckdb", day, [ROW] if rows is None else rows, **more)
    return estimates.estimate()


def test_a_late_event_after_the_look_leaves_the_row_unchanged_until_the_next_look(home: Path) -> None:
    words = "estimate, ci_low, ci_high, look_date, looked_at, n_events, p_adjusted, tier"
    night(home, date(2026, 12, 1))
    first = published(home, words)
    night(home, date(2026, 12, 20), [ROW | {"theta": -0.9, "n_events": 61}])
    assert published(home, words) == first
    night(home, date(2027, 3, 1), [ROW | {"theta": -0.9, "n_events": 61}])
    later = published(home, "round(estimate, 4), look_date, n_events")
    assert later == [(0.4066, date(2027, 3, 1), 61)]


def test_a_look_is_created_once_and_a_second_run_rewrites_nothing(home: Path) -> None:
    assert night(home, date(2026, 12, 1)).taken == 1
    (look,) = (home / "estimates").rglob("*.parquet")
    assert look.parts[-3] == "churn"
    assert look.name == "2026-12-01.parquet"
    before = look.read_bytes()
    again = night(home, date(2026, 12, 2), [ROW | {"theta": 0.0}])
    assert (again.taken, again.kept) == (0, 1)
    assert look.read_bytes() == before


def test_before_the_first_look_nothing_is_said_and_nothing_is_kept(home: Path) -> None:
    night(home, date(2026, 11, 30))
    assert published(home, "state, tier, estimate, naive_estimate, n_units, next_look_date") == [
        ("not_due", "withheld", None, None, None, date(2026, 12, 1))
    ]
    assert not list((home / "estimates").rglob("*")) if (home / "estimates").exists() else True


def test_another_definition_starts_another_history_and_the_old_one_stays(home: Path) -> None:
    night(home, date(2026, 12, 1))
    night(home, date(2026, 12, 2), [ROW | {"theta": -0.1}], studies=[STUDY | {"exposure_definition": "certified before"}])
    assert [round(row[0], 4) for row in published(home, "estimate")] == [0.9048]
    assert len(list((home / "estimates" / "churn").iterdir())) == 2


def test_a_look_taken_late_has_an_interval_for_any_day(home: Path) -> None:
    night(home, date(2026, 12, 3))
    (in_time,) = published(home, "ci_kind, ln(ci_high) - ln(ci_low)")
    look = look_on(Study.of(STUDY), date(2027, 1, 15))
    assert (look.taken, look.next, look.is_late) == (date(2026, 12, 1), date(2027, 3, 1), True)
    night(home, date(2027, 1, 15), studies=[STUDY | {"owner": "somebody else"}])
    (late,) = published(home, "ci_kind, ln(ci_high) - ln(ci_low)")
    assert (in_time[0], late[0]) == ("fixed", "always_valid")
    assert late[1] / in_time[1] == pytest.approx(1.55, abs=0.01)


def test_a_study_without_rows_or_without_sources_keeps_one_row_that_says_so(home: Path) -> None:
    night(home, date(2026, 12, 1), [])
    assert published(home, "study_id, state, withheld_reason") == [
        ("churn", "nothing_recorded", "nothing has been recorded for this study")
    ]
    night(home, date(2026, 12, 1), reaches=False)
    assert published(home, "study_id, state, estimate") == [("churn", "no_data_reaches_us", None)]
    assert not (home / "estimates").exists()


def test_marts_without_the_task_are_refused(home: Path) -> None:
    with pytest.raises(LearningWarehouseError, match="not been estimated"):
        estimates.require()
    night(home, date(2026, 12, 1))
    estimates.require()
    estimates.forget_current()
    with pytest.raises(LearningWarehouseError, match="not been estimated"):
        estimates.require()


def test_studies_that_were_not_built_are_named(home: Path) -> None:
    with pytest.raises(LearningWarehouseError, match="no warehouse"):
        estimates.estimate()
    (home / "working").mkdir(parents=True)
    duckdb.connect(str(home / "working" / "warehouse.duckdb")).close()
    with pytest.raises(LearningWarehouseError, match="studies are not built"):
        estimates.estimate()


PILOT = STUDY | {
    "study_id": "pilot",
    "outcome": "win_rate",
    "look_dates": "at_horizon",
    "design": "rct",
    "min_effect_that_matters": 0.03,
    "registered_at": date(2026, 7, 1),
}
TEAMS = ROW | {
    "study_id": "pilot",
    "variant": "calls",
    "outcome": "win_rate",
    "horizon_days": 90,
    "method": "welch_team_means",
    "scale": "difference",
    "is_randomized": True,
    "best_tier": "proven",
    "due_date": date(2026, 11, 1),
    "outcomes_from": date(2026, 8, 3),
}


def teams(treated: list[float], control: list[float]) -> list[dict[str, Any]]:
    """Rows of suff_clusters."""
    arms = [(1, y) for y in treated] + [(0, y) for y in control]
    key = {"company_id": "halden", "study_id": "pilot", "variant": "calls", "outcome": "win_rate", "horizon_days": 90}
    return [key | {"is_treated": arm, "y": y} for arm, y in arms]


TREATED, CONTROL = [0.40, 0.44, 0.42, 0.46, 0.43, 0.41, 0.45], [0.30, 0.34, 0.31, 0.33, 0.29, 0.35, 0.32]


def test_a_pilot_is_read_at_its_horizon_and_late_readers_see_the_same_fixed_interval(home: Path) -> None:
    from learning_warehouse.estimators import welch

    theta, error, df = welch(TREATED, CONTROL)
    row = TEAMS | {"theta": theta, "error": error, "df": df}
    night(home, date(2026, 12, 20), [row], studies=[PILOT], clusters=teams(TREATED, CONTROL))
    assert published(home, "state, tier, look_date, ci_kind, adjustment, reading, hedges_g > 1") == [
        ("reads", "proven", date(2026, 11, 1), "fixed", "none", "differs", True)
    ]
    night(home, date(2026, 10, 31), [row | {"due_date": date(2026, 11, 2)}], studies=[PILOT | {"owner": "else"}])
    assert published(home, "state, estimate, next_look_date") == [("not_due", None, date(2026, 11, 2))]


def test_pilots_due_on_one_day_at_different_hours_are_frozen_together_when_the_day_has_passed(home: Path) -> None:
    due = {"due_date": date(2026, 11, 1), "theta": 0.1, "error": 0.01, "df": 12.0, "method": "cuped_team_means"}
    early, late = TEAMS | due, TEAMS | due | {"variant": "demos"}
    waiting = late | {"state": "not_due", "theta": None, "error": None, "df": None}
    assert night(home, date(2026, 11, 1), [early, waiting], studies=[PILOT]).taken == 0
    assert published(home, "variant, state, next_look_date") == [
        ("calls", "not_due", date(2026, 11, 1)),
        ("demos", "not_due", date(2026, 11, 1)),
    ]
    assert night(home, date(2026, 11, 2), [early, late], studies=[PILOT]).taken == 1
    assert published(home, "variant, state, look_date, estimate") == [
        ("calls", "reads", date(2026, 11, 1), 0.1),
        ("demos", "reads", date(2026, 11, 1), 0.1),
    ]


def test_many_teams_against_a_few_get_no_exact_p_value(home: Path) -> None:
    row = TEAMS | {"state": "too_few", "withheld_reason": "fewer than six teams on one side"}
    some, many = [0.1, 0.2, 0.3, 0.4, 0.5], [n / 100 for n in range(50)]
    night(home, date(2026, 12, 1), [row], studies=[PILOT], clusters=teams(some, many))
    assert published(home, "state, p_value, ci_kind") == [("too_few", None, "none")]


def test_sql_and_scipy_must_agree_about_team_means(home: Path) -> None:
    row = TEAMS | {"theta": 0.11, "error": 0.01, "df": 12.0}
    with pytest.raises(LearningWarehouseError, match="scipy says"):
        night(home, date(2026, 12, 1), [row], studies=[PILOT], clusters=teams(TREATED, CONTROL))


def test_a_handful_of_teams_gets_an_exact_p_value_and_no_estimate(home: Path) -> None:
    row = TEAMS | {"state": "too_few", "withheld_reason": "fewer than six teams on one side"}
    night(home, date(2026, 12, 1), [row], studies=[PILOT], clusters=teams([9.0, 8.0, 7.0], [1.0, 2.0, 3.0]))
    assert published(home, "state, tier, estimate, round(p_value, 6), ci_kind, q_value, withheld_reason") == [
        ("too_few", "withheld", None, 0.1, "exact", None, "fewer than six teams on one side")
    ]


@pytest.mark.parametrize(
    ("change", "tier"),
    [
        ({}, "associated"),
        ({"best_tier": "supported"}, "supported"),
        ({"failed_checks": "overlap"}, "unreliable"),
        ({"best_tier": "supported", "outcomes_from": date(2024, 10, 1)}, "associated"),
        ({"best_tier": "proven"}, "proven"),
        ({"best_tier": "proven", "is_headline": False}, "supported"),
        ({"best_tier": "proven", "theta": -0.2}, "supported"),
        # A quarter of what matters is ln(1.1) / 4 = 0.02383 for a ratio; 0.1 / 4 = 0.025 is for a difference.
        ({"best_tier": "proven", "theta": -0.2204}, "proven"),
        ({"best_tier": "proven", "theta": -0.2195}, "supported"),
        ({"best_tier": "proven", "theta": 0.2204, "scale": "difference"}, "supported"),
        ({"best_tier": "proven", "theta": 0.2215, "scale": "difference"}, "proven"),
        ({"state": "too_few"}, "withheld"),
    ],
)
def test_a_tier_follows_from_design_checks_registration_and_interval(change: dict[str, Any], tier: str) -> None:
    company = {"company_id": "halden", "as_of_at": datetime(2026, 12, 1, 1), "definition_version": 1}
    look = Look(date(2026, 12, 1), None, False, 1)
    row = estimate_rows.judged(ROW | change, Study.of(STUDY), look, company, True)
    assert row["tier"] == tier
    assert (row.get("estimate") is None) == (tier == "withheld")


def test_primaries_are_corrected_for_their_looks_and_the_rest_by_holm(home: Path) -> None:
    others = [
        ROW | {"variant": name, "is_headline": False, "theta": theta} for name, theta in (("share", -0.25), ("certified", -0.22))
    ]
    night(home, date(2026, 12, 1), [ROW | {"theta": -0.25}, *others])
    found = {row[0]: row[1:] for row in published(home, "variant, p_value, p_adjusted, adjustment, q_value is not null")}
    assert found["any"][1:] == (pytest.approx(2 * found["any"][0]), "bonferroni_looks", True)
    assert found["share"][1:] == (pytest.approx(2 * found["share"][0]), "holm", False)
    assert found["certified"][1:] == (pytest.approx(found["certified"][0]), "holm", False)


def test_many_companies_of_one_file_are_estimated_each_by_itself_and_leave_no_look(home: Path, tmp_path: Path) -> None:
    rows = [ROW, ROW | {"company_id": "other", "theta": 0.2}]
    warehouse(tmp_path / "worlds" / "w.duckdb", date(2026, 6, 1), rows, companies=["halden", "other"])
    assert estimates.estimate_file(tmp_path / "worlds" / "w.duckdb", tmp_path / "worlds") == 2
    assert published(tmp_path / "worlds", "company_id, round(estimate, 3), state") == [
        ("halden", 0.607, "reads"),
        ("other", 1.221, "reads"),
    ]
    assert not (tmp_path / "worlds" / "estimates").exists()
    assert not (home / "estimates").exists()


def test_the_hash_of_a_definition_covers_every_registered_word_and_the_company() -> None:
    base = Study.of(STUDY)
    hashes = {
        definition_hash(Study.of(STUDY | {name: changed}), "halden", 1) for name, changed in (("alpha", 0.01), ("owner", "x"))
    }
    assert (
        len({*hashes, definition_hash(base, "halden", 1), definition_hash(base, "other", 1), definition_hash(base, "halden", 2)})
        == 5
    )
    assert definition_hash(base, "halden", 1) == definition_hash(Study.of(dict(reversed(STUDY.items()))), "halden", 1)
