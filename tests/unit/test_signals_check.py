"""`lw signals check`: line-exact complaints before a file is dropped, by the rules of the night and the word lists."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from learning_warehouse.cli import app
from learning_warehouse.errors import ConfigurationError
from learning_warehouse.signals_check import BadLine, check_file

HEADER = "evidence_id,employee_id,occurred_at,evidence_type,observed_by_employee_id,program_code,skill_code"
GOOD = "e1,7,2026-11-02T10:00:00Z,peer,8,OWN,discovery"


@pytest.fixture
def evidence(tmp_path):
    def write(*lines: str, name: str = "application_evidence/a.csv") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")
        return path

    return write


def test_every_bad_line_is_told_with_its_number_and_the_good_ones_are_counted(evidence):
    path = evidence(
        HEADER,
        GOOD,
        "e2,7,2.11.2026,peer,,,",
        "e3,7,2026-11-02T10:00:00Z,hearsay,,,",
        "",
        ",7,2026-11-02T10:00:00Z,peer,,,",
        GOOD,
        "e4",
    )
    found = check_file(path)
    assert (found.stream, found.good) == ("application_evidence", 1)
    assert found.bad == (
        BadLine(3, "occurred_at: a text that is not a time"),
        BadLine(4, "evidence_type: not one of manager_observation, system_trace, peer, self_report", is_set_aside=False),
        BadLine(6, "evidence_id: missing"),
        BadLine(7, "evidence_id: as in line 2", is_set_aside=False),
        BadLine(8, "1 values where 7 are declared"),
    )


def test_numbers_outside_their_bounds_are_told(evidence):
    header = (
        "practice_id,employee_id,skill_code,program_code,assigned_at,done_at,feedback_at,feedback_by_employee_id,quality,is_micro"
    )
    rows = [f"p{quality},7,,,2026-11-02T10:00:00Z,,,,{quality},yes" for quality in (0, 1, 5, 6)]
    found = check_file(evidence(header, *rows, name="practice_tasks/a.csv"))
    assert [(bad.line, bad.reason) for bad in found.bad] == [(2, "quality: below 1"), (5, "quality: above 5")]


def test_no_value_of_the_file_is_in_a_complaint(evidence):
    path = evidence(HEADER, "e2,someone@halden.example,yesterday,someone@halden.example,,,")
    assert "halden" not in str(check_file(path).bad)


@pytest.mark.parametrize("name", ["application_evidence/a.csv", "application_evidence.november.csv", "downloads/new.csv"])
def test_the_stream_is_guessed_from_folder_name_or_header(evidence, name):
    assert check_file(evidence(HEADER, GOOD, name=name)).stream == "application_evidence"


def test_the_stream_of_json_lines_is_guessed_from_the_first_line(evidence):
    line = '{"course_code":"AGT-1","skill_code":"billing","valid_from":"2026-01-01"}'
    assert check_file(evidence(line, name="downloads/new.jsonl")).stream == "course_skills"


def test_a_header_that_fits_nothing_names_the_nearest_stream_and_the_difference(evidence):
    with pytest.raises(ConfigurationError, match="application_evidence: lacking skill_code, not declared skill"):
        check_file(evidence(HEADER.replace("skill_code", "skill"), GOOD, name="downloads/new.csv"))


def test_a_wrong_header_in_the_right_folder_is_line_one(evidence):
    found = check_file(evidence(HEADER.replace("skill_code", "skill"), GOOD))
    assert found.bad == (BadLine(1, f"the header must be {HEADER}"),)


def test_exit_codes_are_zero_one_and_two(evidence):
    def code(*arguments: str) -> int:
        return CliRunner().invoke(app, ["signals", "check", *arguments]).exit_code

    good, bad = evidence(HEADER, GOOD), evidence(HEADER, "e1", name="application_evidence/b.csv")
    assert (code(str(good)), code(str(bad)), code(str(good), "--stream", "nothing"), code(str(good) + ".xlsx")) == (0, 1, 2, 2)


def test_the_command_shows_line_reason_and_counts(evidence):
    answer = CliRunner().invoke(app, ["signals", "check", str(evidence(HEADER, GOOD, "e1"))])
    assert "1 values where 7 are declared" in answer.output
    assert "1 good, 1 bad lines" in answer.output
