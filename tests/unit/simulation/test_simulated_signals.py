"""Signals of the simulated company: same seed, same facts; only declared words; nothing outside an employment."""

import dataclasses
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
import pytest

from learning_warehouse.simulation.company import simulate
from learning_warehouse.simulation.ledger import Ledger
from learning_warehouse.simulation.signal_streams import SIGNALS, columns, shown
from learning_warehouse.sources.signals.drops import SOURCE

LARGEST = {"learning_sessions": 15_000, "kpi_observations": 10_000, "survey_responses": 10_000}


@pytest.fixture(scope="module")
def company() -> Ledger:
    return simulate(1)


@pytest.fixture(scope="module")
def small() -> Ledger:
    return simulate(7, employees=200, accounts=120)


def test_every_declared_stream_has_facts_at_both_sizes(company: Ledger, small: Ledger) -> None:
    for ledger in (company, small):
        assert [stream for stream in SIGNALS if not getattr(ledger, stream)] == []
    assert {f"{stream}" for stream in SIGNALS} <= set(SOURCE.streams)


def test_volumes_stay_within_their_bounds(company: Ledger, small: Ledger) -> None:
    sizes = {stream: len(getattr(company, stream)) for stream in SIGNALS}
    assert all(sizes[stream] <= most for stream, most in LARGEST.items())
    assert 55_000 <= sum(sizes.values()) <= 85_000
    assert sum(len(getattr(small, stream)) for stream in SIGNALS) < sum(sizes.values()) / 4


def test_columns_and_types_are_those_the_source_declares() -> None:
    for stream in SIGNALS:
        declared = {row.name: row.type for row in SOURCE.streams[stream].columns if not row.name.startswith("_")}
        assert columns(stream) == declared, stream


def test_required_columns_are_never_blank(company: Ledger) -> None:
    for stream in SIGNALS:
        required = [row.name for row in SOURCE.streams[stream].columns if row.required and not row.name.startswith("_")]
        blank = [name for name in required for row in getattr(company, stream) if getattr(row, name) is None]
        assert blank == [], stream


def test_only_words_of_the_closed_lists_are_used(company: Ledger) -> None:
    for stream in SIGNALS:
        for column in SOURCE.streams[stream].columns:
            if column.values:
                found = {getattr(row, column.name) for row in getattr(company, stream)} - {None}
                assert found <= set(column.values), (stream, column.name)


def test_keys_are_unique_once_a_row_is_dropped(company: Ledger) -> None:
    for stream, signal in SIGNALS.items():
        keys = [tuple(getattr(row, name) for name in signal.key) for row in getattr(company, stream)]
        assert len(keys) == len(set(keys)), stream


def test_nobody_does_anything_outside_the_own_employment(company: Ledger) -> None:
    spells = {row.employee_id: row.spells for row in company.employees}
    for stream, name in (
        ("practice_tasks", "assigned_at"),
        ("practice_tasks", "done_at"),
        ("application_evidence", "occurred_at"),
        ("learning_sessions", "started_at"),
        ("survey_responses", "answered_at"),
        ("skill_assessments", "assessed_at"),
        ("goals", "set_at"),
    ):
        for row in getattr(company, stream):
            at: datetime | None = getattr(row, name)
            own = spells.get(row.employee_id or "", ())
            if at is not None and own:
                day = at.date()
                assert any(spell.hired <= day and (spell.terminated is None or day < spell.terminated) for spell in own), row


def test_a_few_workers_are_unknown_to_hr(company: Ledger) -> None:
    known = {row.employee_id for row in company.employees}
    unknown = [row for row in company.practice_tasks if row.employee_id not in known]
    assert 0 < len(unknown) < len(company.practice_tasks) / 100


def test_a_later_field_is_hidden_until_it_happened(company: Ledger) -> None:
    task = next(row for row in company.practice_tasks if row.done_at and row.feedback_at and row.feedback_at > row.done_at)
    assert task.done_at is not None and task.feedback_at is not None
    signal = SIGNALS["practice_tasks"]
    before = shown(signal, task, task.done_at)
    assert (before.done_at, before.feedback_at, before.quality) == (None, None, None)
    between = shown(signal, task, task.feedback_at)
    assert (between.done_at, between.feedback_at) == (task.done_at, None)
    assert shown(signal, task, task.feedback_at + timedelta(seconds=1)) is task
    goal = next(row for row in company.goals if row.closed_at)
    assert goal.closed_at is not None
    assert shown(SIGNALS["goals"], goal, goal.closed_at).status == "open"


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def test_other_streams_keep_the_facts_they_had_before_signals_were_drawn(company: Ledger) -> None:
    from learning_warehouse.simulation import sales
    from learning_warehouse.simulation.signals import build_checkins, build_coaching
    from learning_warehouse.simulation.workforce import build_workforce

    workforce = build_workforce(1, 1500)
    assert company.checkins == build_checkins(1, workforce)
    assert company.pilot_assignments == sales.build_pilot(1, workforce).assignments
    talks = build_coaching(1, workforce, sales.build_pilot(1, workforce))
    assert company.coaching_events[: len(talks)] == talks
    assert {row.event_id[0] for row in company.coaching_events[len(talks) :]} == {"W"}


def test_quitting_people_choose_no_course_in_their_last_eleven_weeks(company: Ledger) -> None:
    codes = {row.course_id: row.code for row in company.courses}
    users = {row.user_id: row.employee_id for row in company.learners if row.employee_id}
    quits = {
        row.employee_id: row.spells[-1].terminated for row in company.employees if row.spells[-1].termination_type == "voluntary"
    }
    gaps = Counter(
        (quits[users[row.user_id]] - row.added_at.date()).days // 7  # type: ignore[operator]
        for row in company.enrollments
        if users.get(row.user_id) in quits and codes[row.course_id].startswith("LIB-")
    )
    assert sum(gaps[week] for week in range(11)) == 0
    assert min(gaps[week] for week in range(13, 30)) > 10


def _kpi_changes(ledger: Ledger) -> dict[tuple[bool, bool], list[tuple[float, float]]]:
    """Change and level of work quality of everybody, by coached often and practiced often after the first chosen course."""
    codes = {row.course_id: row.code for row in ledger.courses}
    users = {row.user_id: row.employee_id for row in ledger.learners if row.employee_id}
    began: dict[str, datetime] = {}
    for row in sorted(
        (row for row in ledger.enrollments if row.passed and row.completed_at), key=lambda row: row.completed_at or row.added_at
    ):
        person = users.get(row.user_id)
        is_chosen = not codes[row.course_id].startswith(("MAND", "CUST"))
        if person and is_chosen and row.completed_at and row.completed_at >= datetime(2025, 3, 1, tzinfo=UTC):
            began.setdefault(person, row.completed_at)
    values: dict[str, list[Any]] = {}
    for row in ledger.kpi_observations:
        if row.kpi_code == "work_quality":
            values.setdefault(row.unit_id, []).append(row)
    talks, tasks = Counter[str](), Counter[str]()
    for event in ledger.coaching_events:
        at = began.get(event.coachee_employee_id)
        talks[event.coachee_employee_id] += bool(
            at and event.has_learning_topic and at < event.occurred_at <= at + timedelta(days=60)
        )
    for task in ledger.practice_tasks:
        at = began.get(task.employee_id)
        tasks[task.employee_id] += bool(at and task.is_micro and task.done_at and at < task.done_at <= at + timedelta(days=60))
    cells: dict[tuple[bool, bool], list[tuple[float, float]]] = {}
    for person, rows in values.items():
        start = began[person]
        before = [row.value for row in rows if start - timedelta(days=90) < _moment(row.period_start) <= start]
        after = [
            row.value for row in rows if start + timedelta(days=60) < _moment(row.period_start) <= start + timedelta(days=150)
        ]
        if before and after:
            cell = (talks[person] >= 2, tasks[person] >= 3)
            cells.setdefault(cell, []).append((float(np.mean(after) - np.mean(before)), float(np.mean(after))))
    return cells


def test_only_coaching_and_practice_together_lift_the_work_and_levels_mislead(company: Ledger) -> None:
    cells = _kpi_changes(company)
    change = {cell: float(np.mean([row[0] for row in rows])) for cell, rows in cells.items()}
    level = {cell: float(np.mean([row[1] for row in rows])) for cell, rows in cells.items()}
    assert min(len(rows) for rows in cells.values()) > 50
    assert change[True, True] - change[True, False] - change[False, True] + change[False, False] == pytest.approx(4.0, abs=1.2)
    assert change[True, False] - change[False, False] == pytest.approx(0, abs=0.9)
    assert level[True, False] < level[False, False] - 1.5
    assert level[False, True] > level[False, False] + 1.5


def test_the_hours_policy_moves_recorded_hours_and_not_what_people_choose(company: Ledger) -> None:
    until = datetime(2026, 7, 1, tzinfo=UTC)
    begin, end = until - timedelta(weeks=21), until + timedelta(weeks=21)
    recorded, chosen = {True: 0.0, False: 0.0}, {True: 0.0, False: 0.0}
    for row in company.learning_sessions:
        if begin <= row.started_at < end:
            recorded[row.started_at < until] += row.raw_seconds
            if not (row.course_code or "").startswith("MAND"):
                chosen[row.started_at < until] += row.engaged_seconds or 0
    assert recorded[False] < 0.6 * recorded[True]
    assert chosen[False] / chosen[True] == pytest.approx(1, abs=0.1)


def test_people_who_collect_hours_stop_just_above_the_threshold(company: Ledger) -> None:
    hours: Counter[str] = Counter()
    for row in company.learning_sessions:
        if row.system == "lms" and row.started_at < datetime(2026, 7, 1, tzinfo=UTC):
            hours[row.employee_id] += row.raw_seconds
    bins = Counter(int(seconds / 3600 / 6.0 * 20) for seconds in hours.values())  # bins of 5 % of the threshold
    assert bins[20] > 10 * max(bins[18], bins[19], bins[21], 1)


def test_honest_people_with_odd_numbers_are_there(company: Ledger) -> None:
    devices = Counter(row.device for row in company.learning_sessions)
    assert min(devices[device] for device in ("desktop", "mobile", "screen_reader", "offline_sync")) > 100
    offline = [row for row in company.learning_sessions if row.device == "offline_sync"]
    assert all(row.engaged_seconds == 0 and row.interactions == 0 for row in offline)


def test_one_mandatory_course_is_finished_right_before_it_is_due(company: Ledger) -> None:
    codes = {row.course_id: row.code for row in company.courses}
    late: dict[str, list[bool]] = {}
    for row in company.enrollments:
        if (
            row.due_at
            and row.completed_at
            and row.added_at >= datetime(2026, 1, 1, tzinfo=UTC)
            and row.completed_at <= row.due_at
        ):
            late.setdefault(codes[row.course_id], []).append(row.due_at - row.completed_at <= timedelta(hours=48))
    shares = {code: float(np.mean(values)) for code, values in late.items()}
    assert shares.pop("MAND-CONDUCT") > 0.35
    assert max(shares.values()) < 0.15


def test_customers_offered_the_path_reach_first_value_at_one_and_a_half_times_the_hazard(company: Ledger) -> None:
    rolled_out, now = date(2025, 10, 1), company.first_night.date()
    events, exposure = {True: 0, False: 0}, {True: 0.0, False: 0.0}
    ratio = []
    for first, last in ((0, 10), (10, 20), (20, 35), (35, 60)):
        events, exposure = {True: 0, False: 0}, {True: 0.0, False: 0.0}
        for row in company.accounts:
            if row.merged_into or row.is_test or not date(2024, 12, 1) <= row.contract_start <= now - timedelta(days=90):
                continue
            days = (row.first_value_at.date() - row.contract_start).days if row.first_value_at else 999
            gone = (row.churned_at.date() - row.contract_start).days if row.churned_at else 999
            offered, end = row.contract_start >= rolled_out, min(days, gone)
            exposure[offered] += max(0, min(end, last) - first)
            events[offered] += first <= days < last and days <= gone
        ratio.append(events[True] / exposure[True] / (events[False] / exposure[False]))
    assert float(np.mean(ratio)) == pytest.approx(1.5, abs=0.25)


def test_facts_do_not_depend_on_anything_but_seed_and_size(small: Ledger) -> None:
    again = simulate(7, employees=200, accounts=120)
    for field in dataclasses.fields(again):
        assert getattr(again, field.name) == getattr(small, field.name), field.name
    other = simulate(8, employees=200, accounts=120)
    assert other.learning_sessions != small.learning_sessions
