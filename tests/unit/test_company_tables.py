"""The words of company.yml and the state of the loads, as the tables dbt reads."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import handmade_loads

from learning_warehouse import company_tables
from learning_warehouse.settings import company
from learning_warehouse.sources import every_stream
from learning_warehouse.storage import storage

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)


def rows(path: Path) -> list[tuple]:
    return duckdb.execute(f"select * from '{path}'").fetchall()


def test_company_yml_reaches_dbt_as_tables(home):
    company_tables.write_company(NIGHT)
    folder = home / "working" / "company"
    told = duckdb.execute(
        f"select company_id, currency, as_of_at, churn_horizon_days, is_simulated from '{folder}/settings.parquet'"
    ).fetchall()
    words = company()
    assert told == [(words.company.id, words.company.currency, datetime(2026, 12, 1, 1), words.rules.churn.horizon_days, True)]
    assert ("kind_how_to", "how_to") in rows(folder / "ticket_tags.parquet")
    rules = rows(folder / "course_rules.parquet")
    assert {
        ("AGT-BILLING", "agent_training", "billing"),
        ("ONB-AGT", "role", "Support Agent"),
        ("MAND-", "mandatory", None),
    } <= set(rules)
    pilots = duckdb.execute(f"select horizon_days, is_primary from '{folder}/pilots.parquet' order by all").fetchall()
    assert pilots == [(30, False), (90, True), (180, False)]
    assert [title for (title,) in rows(folder / "leader_titles.parquet")] == list(words.rules.leader.job_titles)


def test_every_parameter_is_a_column_with_the_value_of_the_file(home):
    company_tables.write_company(NIGHT)
    names = ", ".join(company_tables.PARAMETER_COLUMNS)
    told = duckdb.execute(f"select {names} from '{home}/working/company/settings.parquet'").fetchone()
    assert dict(zip(company_tables.PARAMETER_COLUMNS, told, strict=True)) == company().parameters.model_dump()


def test_every_stream_we_know_is_told_before_anything_came(home):
    company_tables.write_loads()
    told = rows(home / "working" / "loads" / "streams.parquet")
    assert len(told) == len(set(told)) == len(list(every_stream()))
    assert {("absorb", "enrollments"), ("drops", "practice_tasks")} <= set(told)


def test_loads_and_failures_reach_dbt_as_tables(home):
    handmade_loads.write_load(storage(), "zendesk", "tickets", NIGHT, set_aside=3, typed=997)
    handmade_loads.write_failure(storage(), "absorb", "users", NIGHT, "it answered 500")
    company_tables.write_loads()
    query = f"select source, stream, seq, verdict, records, typed, set_aside, now from '{home}/working/loads/loads.parquet'"
    assert duckdb.execute(query).fetchall() == [("zendesk", "tickets", 1, "admitted", 1000, 997, 3, datetime(2026, 12, 1, 1))]
    assert duckdb.execute(f"select source, reason from '{home}/working/loads/failures.parquet'").fetchall() == [
        ("absorb", "it answered 500")
    ]


def test_no_load_at_all_gives_empty_tables_with_their_columns(home):
    company_tables.write_loads()
    names = [row[0] for row in duckdb.execute(f"describe select * from '{home}/working/loads/loads.parquet'").fetchall()]
    assert names == list(company_tables.LOAD_COLUMNS)
