"""JSON Schemas and samples of the drop files: the committed ones are what the declarations say, and every sample passes."""

import duckdb
import msgspec
import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from learning_warehouse.cli import app
from learning_warehouse.settings import settings
from learning_warehouse.signals_check import check_file
from learning_warehouse.signals_schema import schema, schema_path, schema_text
from learning_warehouse.sources import SOURCES
from learning_warehouse.sources.signals.drop_files import READERS, DropFile, own_columns
from learning_warehouse.typing_sql import cells, checked

STREAMS = SOURCES["drops"].streams
EVERY_STREAM = pytest.mark.parametrize("name", STREAMS)


def sample(name):
    (path,) = (settings().repository / "docs" / "signals").glob(f"{name}.sample.*")
    return path


def typed_records(name) -> list[dict]:
    """The lines of a sample as typing reads them, as JSON."""
    import pandas

    columns = [column.name for column in own_columns(STREAMS[name])]
    lines = list(DropFile(sample(name), sample(name).read_bytes(), tuple(columns)))
    batch = pandas.DataFrame({"_index": range(len(lines)), "d": [line.decode() for line in lines]})
    with duckdb.connect() as database:
        database.register("batch", batch)
        database.execute(f"CREATE TABLE cells AS {cells(STREAMS[name])}")
        rows = database.execute(f"SELECT {', '.join(columns)} FROM ({checked(STREAMS[name])})").fetchall()
    return [msgspec.to_builtins(dict(zip(columns, row, strict=True))) for row in rows]


@EVERY_STREAM
def test_the_committed_schema_is_what_the_declaration_says(name):
    assert schema_path(STREAMS[name]).read_text() == schema_text(STREAMS[name]), "run: lw signals schema --write"


@EVERY_STREAM
def test_a_schema_is_valid_and_says_what_each_name_means(name):
    made = schema(STREAMS[name])
    Draft202012Validator.check_schema(made)
    assert made["description"].endswith(".")
    assert all(len(described["description"]) >= 5 for described in made["properties"].values())


@EVERY_STREAM
def test_every_line_of_the_sample_fits_the_schema_and_the_check(name):
    validator = Draft202012Validator(schema(STREAMS[name]))
    records = typed_records(name)
    assert records
    for record in records:
        validator.validate(record)
    found = check_file(sample(name))
    assert (found.stream, found.good, found.bad) == (name, len(records), ())


def test_samples_show_every_format_we_read():
    assert {sample(name).suffix for name in STREAMS} == set(READERS)


@pytest.mark.parametrize(
    "change",
    [
        {"evidence_type": "hearsay"},
        {"evidence_id": None},
        {"evidence_id": ""},
        {"occurred_at": 5},
        {"colour": "red"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_schema_refuses_what_the_night_sets_aside_or_flags(change):
    validator = Draft202012Validator(schema(STREAMS["application_evidence"]))
    good = {"evidence_id": "e", "employee_id": "7", "occurred_at": "2026-11-02T10:00:00Z", "evidence_type": "peer"}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, **change})


def test_nothing_lies_beside_schemas_and_samples():
    names = {path.name for path in (settings().repository / "docs" / "signals").iterdir()}
    assert names == {schema_path(stream).name for stream in STREAMS.values()} | {sample(name).name for name in STREAMS}


def test_the_command_prints_the_schema_and_refuses_unknown_streams():
    answer = CliRunner().invoke(app, ["signals", "schema", "goals"])
    assert answer.output == schema_text(STREAMS["goals"])
    assert CliRunner().invoke(app, ["signals", "schema", "nothing"]).exit_code == 2


def test_the_list_names_every_stream_and_what_a_line_is():
    answer = CliRunner().invoke(app, ["signals", "list"])
    assert all(name in answer.output for name in STREAMS)
    assert "One practice task given to one person." in answer.output
