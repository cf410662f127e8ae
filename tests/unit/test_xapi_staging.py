"""The staging SQL of xAPI on rows of its own: void statements, durations, scales of scores, registrations."""

from datetime import datetime

import duckdb
import pytest
from rendered_models import PROJECT, rendered

MACROS = ("portable/text", "portable/types", "portable/tenants", "newest_version", "statements")
VERBS = "http://adlnet.gov/expapi/verbs/"


@pytest.fixture
def staged(tmp_path):
    """Rows of a staging model made from statements; columns that a statement leaves out are missing."""
    from learning_warehouse.sources.lms.xapi import STATEMENTS

    def rows(model, *statements):
        sql = rendered(f"staging/lms/xapi/{model}", *MACROS)
        with duckdb.connect() as connection:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in STATEMENTS.typed_columns().items())
            connection.execute(f"create table statements ({columns})")
            seed = PROJECT / "seeds" / "xwalk_xapi_verb.csv"
            connection.execute(f"create table xwalk_xapi_verb as from read_csv('{seed}', header = true)")
            for number, statement in enumerate(statements):
                values = {"identity_key": "k", "stored": datetime(2026, 1, 1), "_seq": 1, "_index": number, **statement}
                listed = ", ".join(f'"{name}"' for name in values)
                marks = ", ".join("?" * len(values))
                connection.execute(f"insert into statements ({listed}) values ({marks})", list(values.values()))
            found = connection.execute(f"select * from ({sql}) order by 1")
            titles = [column[0] for column in found.description]
            return [dict(zip(titles, row, strict=True)) for row in found.fetchall()]

    return rows


def test_a_void_statement_the_one_that_voids_it_and_a_second_copy_are_left_out(staged):
    rows = staged(
        "stg_xapi__statements",
        {"id": "a", "verb_id": f"{VERBS}failed"},
        {"id": "b", "verb_id": f"{VERBS}failed"},
        {"id": "b", "verb_id": f"{VERBS}failed", "_seq": 2},
        {"id": "c", "verb_id": f"{VERBS}voided", "object_id": "a"},
        {"id": "d", "verb_id": "https://example.com/juggled", "happened_at": datetime(2025, 12, 24)},
    )
    assert [(row["statement_id"], row["verb"], row["occurred_at"]) for row in rows] == [
        ("b", "failed", datetime(2026, 1, 1)),
        ("d", "other", datetime(2025, 12, 24)),
    ]


@pytest.mark.parametrize(
    ("duration", "minutes"),
    [
        ("PT40M", 40), ("PT1H20M30S", 80.5), ("P1DT0.5H", 1470), ("P2W", 20160), ("PT0S", 0), ("PT90.6S", 1.51), ("PT2H", 120),
        ("P1M", 0), (None, None),
    ],
)  # fmt: skip
def test_iso_durations_become_minutes_and_a_calendar_month_is_no_minute(staged, duration, minutes):
    (row,) = staged("stg_xapi__statements", {"id": "a", "verb_id": "v", "duration": duration})
    assert row["minutes_spent"] == (None if minutes is None else pytest.approx(minutes))


@pytest.mark.parametrize(
    ("score", "percent"),
    [
        ({"score_scaled": 0.885, "score_raw": 1, "score_max": 2}, 88.5),
        ({"score_raw": 3, "score_min": 1, "score_max": 5}, 50),
        ({"score_raw": 9, "score_max": 10}, 90),
        ({"score_scaled": -0.5}, 0),
        ({"score_raw": 90}, None),
        ({}, None),
    ],
)
def test_every_scale_of_a_score_becomes_percent_and_points_without_a_maximum_none(staged, score, percent):
    (row,) = staged("stg_xapi__statements", {"id": "a", "verb_id": "v", **score})
    assert row["score"] == (None if percent is None else pytest.approx(percent))


def test_a_registration_takes_the_furthest_step_that_its_statements_tell_in_whatever_order_they_arrived(staged):
    one, two, three = ({"registration": name, "object_id": "x"} for name in ("one", "two", "three"))
    rows = staged(
        "stg_xapi__enrollments",
        {
            "id": "c",
            **one,
            "verb_id": f"{VERBS}passed",
            "happened_at": datetime(2026, 1, 3),
            "score_scaled": 0.9,
            "duration": "PT4M",
        },
        {"id": "b", **one, "verb_id": f"{VERBS}failed", "happened_at": datetime(2026, 1, 2), "score_scaled": 0.4},
        {"id": "a", **one, "verb_id": f"{VERBS}initialized", "happened_at": datetime(2026, 1, 1), "stored": datetime(2026, 1, 9)},
        {"id": "d", **two, "verb_id": f"{VERBS}registered", "happened_at": datetime(2026, 1, 4)},
        {"id": "e", **three, "verb_id": f"{VERBS}experienced", "happened_at": datetime(2026, 1, 5)},
    )
    columns = ("enrollment_id", "status", "score", "minutes_spent", "started_at", "completed_at", "updated_at")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("one", "completed", 90.0, 4.0, datetime(2026, 1, 1), datetime(2026, 1, 3), datetime(2026, 1, 9)),
        ("two", "not_started", None, None, None, None, datetime(2026, 1, 1)),
    ]


def test_an_actor_is_one_row_with_its_mail_key_or_account_and_a_course_keeps_the_name_it_had_last(staged):
    statements = (
        {"id": "a", "verb_id": "v", "identity_key": "k1", "actor_account_name": "7", "object_id": "https://l.example/c/MAND-1"},
        {"id": "b", "verb_id": "v", "identity_key": "k1", "actor_account_name": "7", "object_id": "https://l.example/c/MAND-1",
         "object_name": "New", "stored": datetime(2026, 2, 1)},
        {"id": "c", "verb_id": "v", "identity_key": "k2", "actor_mbox_key": "m", "object_id": "https://l.example/c/MAND-1",
         "object_name": "Old"},
        {"id": "d", "verb_id": "v", "identity_key": None},
    )  # fmt: skip
    actors = staged("stg_xapi__actors", *statements)
    assert [(row["learner_id"], row["external_id"], row["email_key"]) for row in actors] == [("k1", "7", None), ("k2", None, "m")]
    (course,) = staged("stg_xapi__courses", *statements)
    assert (course["course_code"], course["course_name"], course["updated_at"]) == ("MAND-1", "New", datetime(2026, 2, 1))
