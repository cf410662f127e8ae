"""The command line: every command explains itself, and an error is a sentence with its exit code, never a traceback."""

import duckdb
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from learning_warehouse.cli import app
from learning_warehouse.settings import reset_settings

COMMANDS = sorted(get_command(app).commands)
NIGHT = {"run", "up", "down", "break", "sandbox", "connect", "land", "audit", "build", "publish"}
LOOK = {"status", "marts", "sql", "quarantine", "show", "truth", "doctor", "compare", "worlds", "privacy"}
OPERATE = {"replay", "backfill", "sweep", "reset", "release", "reject", "janitor", "erase"}
GROUPS = {"identity", "metrics", "signals"}


@pytest.fixture
def lw(tmp_path, monkeypatch):
    """Calls `lw` with arguments on an empty home."""
    monkeypatch.setenv("LW_HOME", str(tmp_path / "home"))
    reset_settings()
    yield lambda *arguments: CliRunner().invoke(app, list(arguments))
    monkeypatch.undo()
    reset_settings()


def test_every_command_is_there():
    assert set(COMMANDS) == NIGHT | LOOK | OPERATE | GROUPS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(lw, command):
    answer = lw(command, "--help")
    assert answer.exit_code == 0
    assert "Usage" in answer.output


def test_the_help_of_all_tells_the_exit_codes(lw):
    assert "75 another run holds the lock" in " ".join(lw("--help").output.split())


@pytest.mark.parametrize("arguments", [("sql", "select 1"), ("status",), ("marts",)])
def test_before_the_first_night_nothing_is_served_and_that_is_said(lw, arguments):
    answer = lw(*arguments)
    assert answer.exit_code == 3
    assert "make run" in answer.output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "--only", "docebo"), "There is no vendor 'docebo'"),
        (("land", "zendesk.nothing"), "There is no stream"),
        (("build", "--layer", "gold"), "There is no layer 'gold'"),
        (("connect", "docebo"), "There is no vendor 'docebo'"),
        (("quarantine", "docebo"), "There is no vendor 'docebo'"),
        (("quarantine", "drops", "nothing"), "There is no stream"),
        (("replay", "zendesk.nothing"), "There is no stream"),
        (("replay", "nobody"), "There is no vendor 'nobody'"),
        (("backfill", "drops", "--from", "2026-11-01", "--to", "2026-11-02"), "no stream with a past"),
        (("backfill", "zendesk", "--from", "2026-11-02", "--to", "2026-11-01"), "is not before"),
        (("reset", "nobody", "--by", "Ann", "--why", "x"), "There is no vendor 'nobody'"),
        (("release", "drops.checkins", "--by", "Ann", "--why", "x"), "has no load yet"),
        (("erase",), "Say who is to be erased"),
        (("erase", "zendesk.tickets:7"), "is not VENDOR.STREAM:ID of a person"),
        (("reject", "drops.checkins", "--by", " ", "--why", "x"), "needs a name and a reason"),
    ],
)
def test_wrong_words_end_with_two_and_a_sentence(lw, arguments, sentence):
    answer = lw(*arguments)
    assert answer.exit_code == 2
    assert sentence in answer.output
    assert "Traceback" not in answer.output


def test_a_query_reads_published_marts_and_can_neither_write_nor_read_other_files(lw, tmp_path):
    folder = tmp_path / "home" / "generations" / "000001"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.answers as select 42 as answer")
    (folder / "manifest.json").write_text(
        '{"version": 1, "generation": 1, "run_id": "a", "now": "2026-12-01T01:00:00+00:00", "marts": []}'
    )
    (tmp_path / "home" / "served").symlink_to("generations/000001")
    (tmp_path / "other.csv").write_text("a\n1\n")
    assert lw("sql", "--csv", "from answers").output.split() == ["answer", "42"]
    for query in ("delete from answers", f"from '{tmp_path}/other.csv'", "set enable_external_access = true"):
        answer = lw("sql", query)
        assert answer.exit_code == 2, query
        assert "Error" in answer.output
