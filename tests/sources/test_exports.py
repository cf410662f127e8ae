"""CSV exports instead of an API: a company whose four systems come as exports gets the rows that the APIs would have given."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import msgspec
import pytest
from exports_of_a_company import landed_records, write_export

from learning_warehouse import admission, audit
from learning_warehouse.exports.mapping import Mapping, read_mapping
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.settings import REPOSITORY, reset_settings, settings
from learning_warehouse.sources import SOURCES, every_stream, is_read
from learning_warehouse.storage import Storage
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
VENDORS = [vendor for vendor in SOURCES if (REPOSITORY / "docs" / "exports" / f"{vendor}.yml").exists()]


def say_exported(home: Path, monkeypatch: pytest.MonkeyPatch, vendors: list[str]) -> None:
    """A company.yml that says so of these vendors."""
    text = (REPOSITORY / "company.yml").read_text()
    for vendor in vendors:
        assert f"{vendor}: simulated" in text
        text = text.replace(f"{vendor}: simulated", f"{vendor}: exported")
    home.mkdir(parents=True, exist_ok=True)
    (home / "company.yml").write_text(text)
    monkeypatch.setenv("LW_COMPANY_FILE", str(home / "company.yml"))
    reset_settings()


@pytest.fixture
def examples(home) -> dict[str, Mapping]:
    """The example mappings of the docs, copied to where a company has its own."""
    settings().export_folder.mkdir(parents=True)
    for vendor in VENDORS:
        shutil.copy(REPOSITORY / "docs" / "exports" / f"{vendor}.yml", settings().export_folder)
    return {vendor: read_mapping(SOURCES[vendor]) for vendor in VENDORS}


def typed(parquet: str, columns: list[str]) -> list[tuple]:
    listed = ", ".join(f'"{column}"' for column in columns)
    return duckdb.sql(f"SELECT {listed} FROM read_parquet('{parquet}', hive_partitioning=false) ORDER BY ALL").fetchall()


def mapped_columns(stream, item) -> list[str]:
    """The typed columns that a mapping fills; the rows of a history are compared apart, because an export has fewer keys."""
    made = [name for name in stream.typed_columns() if name.removesuffix("_key").removesuffix("_domain") in item.columns]
    without_rows = [name for name in made if name != "rows"]
    return ["identity_key", *without_rows] if stream.identity else without_rows


def test_a_company_with_four_exported_systems_gets_the_rows_that_the_apis_give(sandbox, stored, examples, tmp_path, monkeypatch):
    over_api, pairs = Storage(tmp_path / "over_api"), []
    for vendor, mapping in examples.items():
        for name, item in mapping.items():
            stream = SOURCES[vendor].streams[name]
            manifest = land(stream, RunContext("api", NIGHT), over_api)
            write_export(settings().export_folder, stream, item, list(landed_records(manifest, over_api)))
            pairs.append((stream, item, type_load(manifest, over_api)))
    say_exported(settings().home, monkeypatch, VENDORS)
    for stream, item, expected in pairs:
        receipt = land_and_type(stream.full_name, RunContext("exported", NIGHT))
        assert (receipt.typed, receipt.set_aside_reasons, receipt.unknown_keys) == (expected.typed, {}, {}), stream.full_name
        assert receipt.typed > 0
        here, there = stored.path(receipt.parquet_key), over_api.path(expected.parquet_key)
        columns = mapped_columns(stream, item)
        assert typed(here, columns) == typed(there, columns), stream.full_name
        assert not item.rows or histories(here, item) == histories(there, item)
    for vendor, mapping in examples.items():
        domain = SOURCES[vendor].domain
        verdicts = {verdict.stream: verdict.verdict for verdict in audit.audit(domain, "exported", NIGHT, stored)}
        assert verdicts == dict.fromkeys(mapping, "admitted")
        admission.admit(domain, stored)
        assert all(stored.exists(admission.admitted_key(SOURCES[vendor].streams[name], 1)) for name in mapping)


def test_every_stream_of_the_examples_is_read_and_the_others_are_absent(examples, monkeypatch):
    say_exported(settings().home, monkeypatch, VENDORS)
    read = {name for name in (stream.full_name for stream in every_stream()) if is_read(name) and not name.startswith("drops.")}
    assert read == {f"{vendor}.{name}" for vendor, mapping in examples.items() for name in mapping}
    assert not is_read("bamboohr.employee_changes")


def histories(parquet: str, item) -> list:
    """Per employee the lines of the history, without the keys that no export has."""
    rows = duckdb.sql(f"SELECT employee_id, rows::VARCHAR FROM read_parquet('{parquet}') ORDER BY employee_id").fetchall()
    kept = []
    for employee, text in rows:
        lines = [{name: line[name] for name in item.rows if line.get(name)} for line in msgspec.json.decode(text)]
        kept.append((employee, lines))
    return kept
