"""Every staging model of every vendor on two tenants with the same ids and other facts: each is staged as if it were alone.

The records are the good batches of the suites, with what only some models look at put in. Main sends them in two loads; emea has
the keys of main and everything else from three records further on.
"""

from collections import Counter
from functools import cache
from typing import Any

import duckdb
import pytest
from good_batches import good_batches
from good_frames import ROWS, every, ids
from jinja2 import Environment
from rendered_models import PROJECT, Adapter

from learning_warehouse.sources import SOURCES
from learning_warehouse.streams import Stream

STAGING = PROJECT / "models" / "staging"
MACROS = [*sorted((PROJECT / "macros" / "portable").glob("*.sql")), *(
    PROJECT / "macros" / f"{name}.sql" for name in ("newest_version", "statements", "company_links", "merged_ids", "measures")
)]  # fmt: skip
MODELS = [path for path in sorted(STAGING.rglob("stg_*.sql")) if path.parent.name in set(SOURCES) - {"drops"}]
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
OWNERS = '[{"value": "%d", "timestamp": "2026-03-02T00:00:00Z"}, {"value": "1", "timestamp": "2026-03-01T00:00:00Z"}]'
JOB = '[{"date": "2026-01-01", "jobTitle": "Engineer", "reportsTo": "Manager %d"}]'
LOOKED_AT = {
    "hubspot.company_owners": {"owner_history": [OWNERS % number for number in range(ROWS)]},
    "hubspot.companies": {"merged_object_ids": [f"1{number}; 9{number}" if number % 3 else None for number in range(ROWS)]},
    "hubspot.contacts": {"merged_object_ids": [f"1{number};9{number}" if number % 3 else None for number in range(ROWS)]},
    "bamboohr.job_info": {"rows": [JOB % number for number in range(ROWS)]},
    "learning360.users": {
        "status": every("active", "deleted", "active"),
        "deleted_at": [f'["2026-03-{number + 1:02d}T00:00:00.000Z"]' for number in range(ROWS)],
        "job": ids("Job "),
        "primary_group_id": ids("g"),
    },
    "moodle.users": {"customfields": [f'[{{"shortname": "audience", "value": "kind {number}"}}]' for number in range(ROWS)]},
    "moodle.courses": {"customfields": [f'[{{"shortname": "minutes", "value": "{number}"}}]' for number in range(ROWS)]},
    "moodle.completions": {
        "refused": [None] * ROWS,
        "completed": every("true"),
        "completions": [f'[{{"timecompleted": {1767225600 + number}}}]' for number in range(ROWS)],
    },
}
SHARED = {"external_id"}
Row = dict[str, Any]
OWN_NAMES = {"manager_name_key", "old_value", "new_value", "record_key"}


@cache
def project() -> Environment:
    """Jinja with the macros of the project and sources that are tables called <vendor>__<stream>."""
    adapter, environment = Adapter(), Environment(extensions=["jinja2.ext.do"])
    names = {
        "adapter": adapter,
        "return": lambda value: value,
        "ref": lambda name: name,
        "source": lambda *names: "__".join(names),
    }
    environment.globals.update(names)
    adapter.module = environment.from_string("\n".join(file.read_text() for file in MACROS)).module
    environment.globals.update({name: macro for name, macro in vars(adapter.module).items() if not name.startswith("_")})
    return environment


@cache
def batches() -> dict[str, tuple[Stream, Any, Any]]:
    """Table -> its stream, the records of main, those of emea."""
    import pandas as pd

    found = {}
    for name, batch in good_batches().items():
        vendor, _, stream_name = name.partition("__")
        if vendor == "drops" or vendor not in SOURCES:
            continue
        stream = SOURCES[vendor].streams[stream_name]
        main = batch.assign(
            **{column: pd.Series(values, dtype=object) for column, values in LOOKED_AT.get(stream.full_name, {}).items()}
        )
        if stream.full_name == "xapi.statements":
            main.loc[[2, 9], "verb_id"], main.loc[[2, 9], "object_id"] = VOIDED, list(main.loc[[4, 5], "id"])
        if stream.full_name == "learning360.users":
            main = pd.concat([main.assign(status="active"), main.assign(job=None)], ignore_index=True)
        emea = main.assign(
            **{column: list(main[column])[3:] + list(main[column])[:3] for column in main if column not in stream.primary_key}
        )
        found[name] = (stream, main, emea)
    return found


def land(connection: duckdb.DuckDBPyConnection, stream: Stream, batch: Any, source: str, loads: tuple[int, ...]) -> None:
    """The batch as typed rows of these loads; columns that it leaves out are missing."""
    names = ", ".join(f'"{name}"' for name in batch.columns if name in stream.typed_columns())
    for load in loads:
        stamps = f"'{source}', {load}, row_number() over (), timestamp '2026-03-30' + interval {load} day"
        into = f"{stream.source}__{stream.name} ({names}, _source, _seq, _index, _loaded_at)"
        connection.execute(f"insert into {into} select {names}, {stamps} from batch")


def company(main_loads: tuple[int, ...], emea: str | None) -> duckdb.DuckDBPyConnection:
    """A database with the word lists and all streams: main, if it has loads, and emea under that name, if it has one."""
    connection = duckdb.connect()
    for stream, main_batch, emea_batch in batches().values():
        declared = ", ".join(f'"{name}" {kind}' for name, kind in stream.typed_columns().items())
        connection.execute(f"create table {stream.source}__{stream.name} ({declared})")
        land(connection, stream, main_batch, stream.source, main_loads)
        if emea is not None:
            land(connection, stream, emea_batch, f"{stream.source}{emea}", (1,))
    for path in (PROJECT / "seeds").glob("xwalk_*.csv"):
        connection.execute(f"create table {path.stem} as from read_csv('{path}', header = true)")
    return connection


@pytest.fixture(scope="module")
def companies() -> dict[str, duckdb.DuckDBPyConnection]:
    """Main alone, emea alone as if it were main, and both."""
    return {"main": company((1, 2), None), "emea": company((), ""), "both": company((1, 2), "@emea")}


def staged(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    found = connection.execute(sql)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def keys_of(row: Row) -> list[str]:
    return [
        name for name in row if ((name.endswith("_id") and name not in SHARED) or name in OWN_NAMES) and row[name] is not None
    ]


def of_emea(row: Row) -> bool:
    return any(str(row[name]).startswith("emea:") for name in keys_of(row))


def told(row: Row) -> str:
    """What a row says, without the name of the tenant in its keys."""
    keys = keys_of(row)
    return str([str(value).replace("emea:", "") if name in keys else value for name, value in row.items()])


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_each_of_two_tenants_is_staged_as_if_it_were_alone_under_keys_of_its_own(path, companies):
    sql = project().from_string(path.read_text()).render()
    main, emea, both = (staged(companies[name], sql) for name in ("main", "emea", "both"))
    assert main and emea and not any(map(of_emea, main + emea))
    assert Counter(map(told, [row for row in both if not of_emea(row)])) == Counter(map(told, main))
    assert Counter(map(told, [row for row in both if of_emea(row)])) == Counter(map(told, emea))
    assert all(str(row[name]).startswith("emea:") for row in both if of_emea(row) for name in keys_of(row))
