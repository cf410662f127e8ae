"""PostgreSQL: a real server for the length of a build, every value carried there and back, and the same marts as DuckDB."""

import stat
from pathlib import Path

import duckdb
import psutil
import pytest
from typer.testing import CliRunner

from learning_warehouse.cli import app
from learning_warehouse.engines import open_engine
from learning_warehouse.engines.base import RawTable
from learning_warehouse.engines.build import last_build, mirror_file
from learning_warehouse.engines.postgres import Postgres
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.settings import reset_settings

AWKWARD = """
select * from (values
    (1, 'plain', 0.1::double + 0.2::double, date '2024-02-29', timestamp '2026-12-01 01:02:03.000004', true),
    (2, '', 1e-300::double, null, null, false),
    (3, null, null, null, null, null),
    (4, 'a "quoted", text' || chr(10) || 'on two lines \\N', -1234.125::double, date '1970-01-01', timestamp '1970-01-01', true),
    (9007199254740993, 'Müller ÄÖ 日本 😀', 'inf'::double, null, null, null)
) as rows(id, word, number, day, moment, flag)
"""


@pytest.mark.slow
def test_every_value_survives_the_way_there_and_back_and_the_server_leaves_nothing(home, tmp_path):
    source = tmp_path / "awkward.parquet"
    duckdb.execute(f"copy (select id::bigint as id, * exclude (id) from ({AWKWARD})) to '{source}' (format parquet)")
    with open_engine("postgres") as engine:
        (server, *_) = engine.processes()
        folder = Path(engine.environment["LW_ENGINE_HOST"])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert [found for found in psutil.Process(server.pid).net_connections("tcp") if found.status == "LISTEN"] == []
        engine.empty()
        engine.load([RawTable("core", "awkward", f"read_parquet('{source}')", str(source))])
        engine.mirror(tmp_path / "back.duckdb")
    with duckdb.connect(str(tmp_path / "back.duckdb"), read_only=True) as connection:
        assert (
            connection.execute("select * from core.awkward order by id").fetchall()
            == duckdb.execute(f"select * from '{source}' order by id").fetchall()
        )
    assert not psutil.pid_exists(server.pid)
    assert not folder.exists()


@pytest.mark.slow
def test_text_sorts_by_bytes_and_lower_case_knows_more_than_ascii(home):
    with open_engine("postgres") as engine:
        assert isinstance(engine, Postgres)
        with engine.connect() as connection, connection.cursor() as cursor:
            cursor.execute("select string_agg(w, '' order by w), lower('ÄÉ') from (values ('b'), ('B'), ('a'), ('é')) as t(w)")
            assert cursor.fetchone() == ("Babé", "äé")


@pytest.mark.slow
@pytest.mark.engines
def test_the_whole_project_gives_the_same_rows_as_on_duckdb_and_one_changed_value_is_told(night_home):
    run = CliRunner()
    same = run.invoke(app, ["compare", "--engines", "duckdb,postgres"])
    assert same.exit_code == 0, same.output
    assert ", 0 differ" in same.output
    on_duckdb, on_postgres = last_build("duckdb"), last_build("postgres")
    assert on_duckdb is not None
    assert on_postgres is not None
    for layer, other in zip(on_duckdb.layers, on_postgres.layers, strict=True):
        assert (layer.layer, layer.models, layer.tests_passed) == (other.layer, other.models, other.tests_passed)
    artifacts = night_home / "working" / "dbt" / "postgres" / "marts"
    assert (artifacts / "manifest.json").exists()
    assert "a fixed key, so that rows repeat" not in (artifacts / "manifest.json").read_text()
    with duckdb.connect(str(mirror_file("postgres"))) as connection:
        connection.execute("update marts.governance_source_coverage set stream_name = 'tampered' where stream_name = 'tickets'")
    output = night_home / "engines.md"
    changed = run.invoke(app, ["compare", "--engines", "duckdb,postgres", "--built", "--output", str(output)])
    assert changed.exit_code == 1
    assert "tampered" in changed.output + output.read_text()
    assert "marts.governance_source_coverage" in output.read_text()


def test_a_server_that_does_not_let_us_in_is_a_sentence_without_a_password(home, monkeypatch, tmp_path):
    monkeypatch.setenv("LW_POSTGRES_HOST", str(tmp_path))
    monkeypatch.setenv("LW_POSTGRES_USER", "somebody")
    reset_settings()
    with pytest.raises(ConfigurationError, match=r"PostgreSQL does not let us in.*pgpass"), open_engine("postgres"):
        pass


def test_an_unknown_engine_a_single_engine_and_a_lone_layer_are_refused(home):
    run = CliRunner()
    for arguments, words in (
        (["build", "--engine", "oracle"], "There is no engine 'oracle'"),
        (["build", "--engine", "postgres", "--layer", "core"], "built whole"),
        (["compare", "--engines", "duckdb"], "at least two engines"),
    ):
        refused = run.invoke(app, arguments)
        assert refused.exit_code == 2, refused.output
        assert words in refused.output + refused.stderr
