"""Mapping files and exported CSV files: every form of a cell, one clear complaint for each mistake, files read once."""

import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import msgspec
import pytest

from learning_warehouse import admission, loads, quarantine, simulated
from learning_warehouse.connections import check
from learning_warehouse.errors import ConfigurationError, StopStream
from learning_warehouse.exports.mapping import read_mapping
from learning_warehouse.landing import land_and_type
from learning_warehouse.settings import REPOSITORY, reset_settings, settings
from learning_warehouse.sources import SOURCES, is_read
from learning_warehouse.streams import Receipt, RunContext

NIGHT = datetime(2026, 12, 1, 1, tzinfo=UTC)
DEPARTMENTS = """\
    departments:
      files: absorb/departments*.csv
      columns:
        id: Department ID
        name: Department
        date_edited: {night: true}
    """


@pytest.fixture
def exports(stored, monkeypatch) -> Path:
    """The folder of exports of a company whose LMS and HRIS are exported."""
    text = (REPOSITORY / "company.yml").read_text()
    for vendor in ("absorb", "bamboohr"):
        text = text.replace(f"{vendor}: simulated", f"{vendor}: exported")
    settings().export_folder.mkdir(parents=True)
    company = settings().home / "company.yml"
    company.write_text(text)
    monkeypatch.setenv("LW_COMPANY_FILE", str(company))
    reset_settings()
    return settings().export_folder


def write(path: Path, text: str, encoding: str = "utf-8") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(textwrap.dedent(text).encode(encoding))


def land(name: str = "absorb.departments", run_id: str = "r", now: datetime = NIGHT) -> Receipt:
    return land_and_type(name, RunContext(run_id, now))


def rows(receipt: Receipt, stored, columns: str) -> list[tuple]:
    return duckdb.read_parquet(stored.path(receipt.parquet_key)).order("_index").project(columns).fetchall()


def admit(receipt: Receipt, stored) -> None:
    judged = loads.StoredVerdict(receipt.source, receipt.stream, receipt.seq, "r", receipt.now, "admitted", None, [], 0, 0, 0, 0)
    stored.create_if_absent(loads.verdict_key(receipt.source, receipt.stream, receipt.seq), msgspec.json.encode(judged))
    admission.admit(SOURCES[receipt.source].domain, stored)


def test_a_line_becomes_a_row_and_columns_nobody_mapped_stay_blank(exports, stored):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", "Department ID,Color,Department\nd1,red,Support\n")
    assert rows(land(), stored, "id, name, parent_id, date_edited") == [("d1", "Support", None, NIGHT.replace(tzinfo=None))]


CELLS = {
    "a local time": ("date_added: {header: X, format: '%d.%m.%Y %H:%M', time_zone: Europe/Berlin}", "02.07.2026 10:30", "08:30"),
    "a time with its zone": ("date_added: X", "2026-07-02T10:30:00+02:00", "08:30"),
    "a word": ("active_status: {header: X, values: {Here: 0, Gone: 1}}", "Gone", "1"),
    "a yes": ("is_learner: {header: X, values: {Ja: true}}", "Ja", "true"),
    "a constant": ("is_learner: {constant: true}", "", "true"),
    "a nested path": ("audience: X", "customer", "customer"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_read_as(exports, stored, name):
    line, text, expected = CELLS[name]
    known = {"date_added": "{night: true}"} | {"date_edited": "{night: true}"}
    needed = "".join(f"    {column}: {cell}\n" for column, cell in known.items() if not line.startswith(column))
    write(exports / "absorb.yml", f"users:\n  files: u.csv\n  columns:\n    id: Id\n{needed}    {line}\n")
    write(exports / "u.csv", f"Id,X\nu1,{text}\n")
    receipt = land("absorb.users")
    assert receipt.set_aside_reasons == {}
    ((value,),) = rows(receipt, stored, line.partition(":")[0])
    assert expected in str(value).lower()


def test_numbers_with_commas_lists_and_other_units_are_read(exports, stored):
    write(
        exports / "absorb.yml",
        """\
        courses:
          files: c.csv
          delimiter: ";"
          decimal: ","
          encoding: cp1252
          columns:
            id: Id
            name: Name
            learner_time: {header: Minutes, multiply: 0.5}
            date_edited: {night: true}
        """,
    )
    write(exports / "c.csv", "Id;Name;Minutes\nc1;Größe;1.200,5\n", encoding="cp1252")
    assert rows(land("absorb.courses"), stored, "id, name, learner_time") == [("c1", "Größe", 600.25)]


@pytest.mark.parametrize("text", ["1.5", "12.03.2024", "1.20", "1,2,3", "1.2345,0"])
def test_a_number_that_is_not_written_with_the_declared_comma_is_set_aside_and_not_made_another_one(exports, stored, text):
    columns = "{id: Id, name: Name, learner_time: Minutes, date_edited: {night: true}}"
    write(exports / "absorb.yml", f'courses:\n  files: c.csv\n  delimiter: ";"\n  decimal: ","\n  columns: {columns}\n')
    write(exports / "c.csv", f"Id;Name;Minutes\nc1;One;{text}\nc2;Two;1.200,5\n")
    receipt = land("absorb.courses")
    assert list(receipt.set_aside_reasons.values()) == [1]
    assert rows(receipt, stored, "id, learner_time") == [("c2", 1200.5)]


def test_a_history_becomes_one_record_per_employee_with_all_its_lines(exports, stored):
    write(
        exports / "bamboohr.yml",
        """\
        job_info:
          files: jobs.csv
          columns: {employee_id: Employee, last_changed: {night: true}}
          rows: {date: {header: From, format: "%d.%m.%Y"}, jobTitle: Title}
        """,
    )
    write(exports / "jobs.csv", "Employee,From,Title\n7,01.02.2026,Agent\n8,01.03.2026,Seller\n7,01.06.2026,Lead\n")
    found = {
        employee: msgspec.json.decode(text) for employee, text in rows(land("bamboohr.job_info"), stored, "employee_id, rows")
    }
    assert found == {
        "7": [{"date": "2026-02-01", "jobTitle": "Agent"}, {"date": "2026-06-01", "jobTitle": "Lead"}],
        "8": [{"date": "2026-03-01", "jobTitle": "Seller"}],
    }


def test_a_line_break_inside_quotes_is_part_of_the_value_and_line_numbers_go_on(exports, stored):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", 'Department ID,Department\nd1,"Sup\nport"\n,Nobody\nd3,Sales,more\n')
    receipt = land()
    assert rows(receipt, stored, "name") == [("Sup\nport",)]
    found = [(item.place, item.reason) for item in quarantine.set_aside(stored)]
    assert found == [
        ("absorb/departments_1.csv line 4", "id: missing"),
        ("absorb/departments_1.csv line 5", "3 values where the header has 2"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"Department ID,Department\nd1,\xff\n", "not utf-8; the mapping may say another encoding, e.g. cp1252"),
        (b'Department ID,Department\nd1,"open\n', "not a CSV line: unexpected end of data"),
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_with_its_reason(exports, stored, content, reason):
    write(exports / "absorb.yml", DEPARTMENTS)
    (exports / "absorb").mkdir()
    (exports / "absorb" / "departments_1.csv").write_bytes(content)
    assert land().set_aside_reasons == {reason: 1}


WRONG_MAPPINGS = {
    "unknown stream": (DEPARTMENTS.replace("departments:", "divisions:"), "absorb.yml divisions (line 1): absorb has no stream"),
    "unknown column": (
        DEPARTMENTS.replace("name:", "title:"),
        "departments.columns.title (line 5): absorb.dep",
    ),
    "required column": (DEPARTMENTS.replace("id: Department ID\n        ", ""), "(line 3): id is required"),
    "unknown key": (DEPARTMENTS.replace("files:", "file:"), "absorb.yml departments.files (line 1): Field required"),
    "two origins": (DEPARTMENTS.replace("night: true", "night: true, constant: 1"), "(line 6): Value error, say exactly one of"),
    "unknown zone": (DEPARTMENTS.replace("columns:", "time_zone: Mars\n      columns:"), "(line 3): Value error, 'Mars' is not"),
    "unknown encoding": (DEPARTMENTS.replace("columns:", "encoding: utf-9\n      columns:"), "'utf-9' is not a known encoding"),
    "outside": (DEPARTMENTS.replace("absorb/", "../"), "departments (line 1): Value error, files must be a pattern below"),
    "no history": (DEPARTMENTS.replace("columns:", "rows: {a: b}\n      columns:"), "departments.rows (line 3): absorb.dep"),
    "not YAML": ("departments: [", "absorb.yml is not valid YAML"),
}


@pytest.mark.parametrize("name", WRONG_MAPPINGS)
def test_a_wrong_mapping_is_one_complaint_with_file_line_and_reason(exports, name):
    text, said = WRONG_MAPPINGS[name]
    write(exports / "absorb.yml", text)
    with pytest.raises(ConfigurationError) as caught:
        read_mapping(SOURCES["absorb"])
    assert said in str(caught.value)
    assert "docs/exports.md" in str(caught.value)


@pytest.mark.parametrize(
    ("header", "said"),
    [("Department ID,Name", "not there"), ("Department ID,Department,Department", "there more than once")],
)
def test_a_header_that_is_missing_or_doubled_is_told_with_mapping_line_and_file(exports, stored, header, said):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", f"{header}\nd1,Support\n")
    with pytest.raises(ConfigurationError) as caught:
        land()
    assert f"absorb.yml departments.columns.name (line 5): the header 'Department' is {said}." in str(caught.value)
    assert f"absorb/departments_1.csv line 1 has: {header.replace(',', ', ')}." in str(caught.value)
    assert loads.failures(stored, "r")[0].reason.startswith("absorb.yml")


def test_a_stream_without_a_file_says_which_pattern_found_none(exports):
    write(exports / "absorb.yml", DEPARTMENTS)
    with pytest.raises(StopStream, match=r"no file in .*/exports matches absorb/departments\*\.csv"):
        land()


def test_without_a_mapping_every_stream_of_the_vendor_says_so(exports):
    assert is_read("absorb.users")
    with pytest.raises(ConfigurationError, match=r"absorb is exported, but .*absorb\.yml cannot be read"):
        land("absorb.users")


def test_a_file_is_read_once_and_again_when_it_or_its_mapping_changed(exports, stored):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", "Department ID,Department\nd1,Support\n")
    admit(land(run_id="1"), stored)
    assert land(run_id="2").records == 0
    write(exports / "absorb" / "departments_2.csv", "Department ID,Department\nd2,Sales\n")
    third = land(run_id="3", now=NIGHT + timedelta(days=1))
    assert rows(third, stored, "id") == [("d2",)]
    admit(third, stored)
    write(exports / "absorb.yml", DEPARTMENTS.replace("name: Department\n", "name: Department ID\n"))
    assert land(run_id="4").records == 2


def test_of_a_stream_that_sends_everybody_the_newest_file_is_the_whole_truth_each_night(exports, stored):
    write(
        exports / "bamboohr.yml",
        "employees:\n  files: people*.csv\n  columns: {employee_id: Id, status: {constant: Active}, work_email: Mail}\n",
    )
    write(exports / "people_2026-10.csv", "Id,Mail\n1,a@x.example\n2,b@x.example\n")
    write(exports / "people_2026-11.csv", "Id,Mail\n2,b@x.example\n")
    for run_id in ("1", "2"):
        receipt = land("bamboohr.employees", run_id)
        assert rows(receipt, stored, "employee_id, work_email_domain") == [("2", "x.example")]
        admit(receipt, stored)


def test_hidden_and_linked_files_are_not_read(exports, stored, tmp_path):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(tmp_path / "secret.csv", "Department ID,Department\nd9,Secret\n")
    write(exports / "absorb" / "departments_1.csv", "Department ID,Department\nd1,Support\n")
    write(exports / "absorb" / ".departments_2.csv", "Department ID,Department\nd2,Sales\n")
    (exports / "absorb" / "departments_3.csv").symlink_to(tmp_path / "secret.csv")
    assert rows(land(), stored, "id") == [("d1",)]


def test_a_check_counts_records_and_shows_the_first_that_do_not_fit(exports):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", "Department ID,Department\nd1,Support\n,Sales\n")
    told = check("absorb")
    assert "departments: 1 files, 2 records, 1 do not fit" in told
    assert "absorb/departments_1.csv line 3: id: missing" in told
    assert "not exported: users, courses, enrollments, certificates" in told


def test_a_check_in_which_nothing_fits_is_an_error(exports):
    write(exports / "absorb.yml", DEPARTMENTS)
    write(exports / "absorb" / "departments_1.csv", "Department ID,Department\n,Support\n")
    with pytest.raises(ConfigurationError, match=r"no line of departments fits.*\n.*line 2: id: missing"):
        check("absorb")


def test_one_exported_source_brings_the_real_clock(exports):
    assert not simulated.sets_the_clock()
