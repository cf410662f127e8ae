"""A phase of a night damaged at any writing system call: nothing committed is lost, nothing half is seen, the next run ends it.

A sample, spread evenly over the calls of each phase, runs by default; `make crash` damages every call in every way
(crash_matrix.py). Where strace is missing, the calls that Python itself makes are damaged instead.
"""

import subprocess

import pytest
from crash_matrix import opened
from system_calls import HAS_STRACE, KINDS, Point, spread

PHASES = ("land", "type", "fourth publishing")
pytestmark = [pytest.mark.crash]


@pytest.fixture(scope="module")
def sandbox_told(small_sandbox):
    small_sandbox.set_faults([])
    return {"port": small_sandbox.port, "pid": small_sandbox.pid}


@pytest.fixture(scope="module")
def matrix(sandbox_told, tmp_path_factory):
    with opened(tmp_path_factory.mktemp("calls"), sandbox_told, PHASES) as one:
        yield one


@pytest.fixture(scope="module")
def points(matrix):
    """The calls of each phase, recorded once."""
    return {phase: matrix.points(phase) for phase in PHASES}


@pytest.mark.parametrize("phase", PHASES)
def test_whatever_call_fails_or_is_killed_at_the_next_run_ends_where_an_undisturbed_one_ends(phase, matrix, points):
    assert len(points[phase]) > (60 if HAS_STRACE else 30)
    chosen = spread(points[phase], 3, seed=len(phase))
    assert {kind for _, kind in chosen} == set(KINDS)
    for point, kind in chosen:
        assert matrix.damage(point, kind).violations == [], f"{kind} at {point}"


def test_where_strace_is_missing_calls_are_damaged_by_python_itself(sandbox_told, matrix, points, tmp_path):
    matrix.with_strace = False
    try:
        found = matrix.points("land")
        assert {"open", "os.rename", "os.link", "os.mkdir"} <= {point.call for point in found}
        for point, kind in spread(found, 2):
            assert matrix.damage(point, kind).violations == [], f"{kind} at {point}"
    finally:
        matrix.with_strace = HAS_STRACE


@pytest.mark.parametrize(("phase", "signal"), [("type", "INT"), ("fourth publishing", "TERM")])
def test_a_night_that_is_told_to_stop_while_it_types_or_publishes_is_ended_by_the_next(phase, signal, matrix, points):
    syncs = [point for point in points[phase] if point.call in ("fsync", "open")]
    assert matrix.damage(syncs[len(syncs) // 2], signal).violations == []


@pytest.mark.parametrize("phase", ["type", "fourth publishing"])
def test_too_little_memory_fails_the_step_and_nothing_half_is_seen(phase, matrix, points):
    home = matrix.copy(phase)
    assert matrix.server.call("phase", home, phase, megabytes=1)["exit"] != 0
    assert matrix.look(phase, home) == []


@pytest.mark.parametrize("phase", PHASES)
def test_a_folder_that_may_not_be_written_is_named_and_nothing_changes(phase, matrix, points):
    home = matrix.copy(phase)
    subprocess.run(["find", str(home), "-type", "d", "-exec", "chmod", "500", "{}", "+"], check=True)
    refused = matrix.server.call("phase", home, phase, writes_anywhere=False)
    subprocess.run(["find", str(home), "-type", "d", "-exec", "chmod", "700", "{}", "+"], check=True)
    assert refused["exit"] == 1
    assert "Permission denied" in refused["said"]
    assert str(home) in refused["said"]
    assert matrix.look(phase, home) == []


def test_harm_that_a_run_cannot_heal_is_seen(matrix, points):
    home = matrix.copy("type")
    (part, *_) = sorted(home.glob("raw/drops/checkins/parts/*/*/*.zst"))
    part.write_bytes(part.read_bytes()[:-1])
    assert any("next run fails" in said for said in matrix.look("type", home))
    home = matrix.copy("fourth publishing")
    (home / "served" / "site" / "index.html").unlink()
    assert "at once: pages are missing" in matrix.look("fourth publishing", home)
    home = matrix.copy("fourth publishing")
    (home / "generations" / ".lock2").mkdir()
    (home / ".forgotten").write_text("")
    assert matrix.look("fourth publishing", home) == ["after the next run: leftover .forgotten is too much"]


def test_a_call_that_is_never_made_counts_as_a_violation(matrix, points):
    (said, *_) = matrix.damage(Point("land", points["land"][0].call, 10_000, ""), "KILL").violations
    assert "was not reached" in said
