"""The steps of a night in a shell: an error names its run, and the run has a log of its own."""

import io
import stat

import pytest
from rich.console import Console

from learning_warehouse import landing, steps
from learning_warehouse.errors import ConfigurationError, StopStream
from learning_warehouse.settings import reset_settings
from learning_warehouse.terminal import explain


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LW_HOME", str(tmp_path))
    reset_settings()
    yield tmp_path
    reset_settings()


def explained(error):
    console = Console(file=io.StringIO(), width=300)
    explain(console, error)
    return console.file.getvalue()


def test_a_failed_landing_names_its_run_and_its_log(home, monkeypatch):
    def fail(name, context):
        raise StopStream("it broke.", *name.split("."), what_to_do="Run again.")

    monkeypatch.setattr(landing, "land_and_type", fail)
    monkeypatch.setattr(steps.simulated, "prepare", lambda vendor, now: None)
    with pytest.raises(StopStream) as caught:
        steps.land_streams("drops.checkins", None, say=lambda text: None)
    (file,) = (home / "logs").glob("land-*.log")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "drops.checkins: it broke. Run again." in file.read_text()
    told = explained(caught.value)
    assert all(part in told for part in ("drops.checkins: it broke.", "Run again.", str(file), file.stem))


def test_an_error_outside_of_a_run_names_no_log_of_another(home):
    (home / "logs").mkdir()
    (home / "logs" / "night-2026-12-01-abcdef.log").touch()
    assert "log" not in explained(ConfigurationError("There is no vendor."))
