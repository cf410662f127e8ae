"""HiBob by night, with faults on: what is admitted is what the ledger says, worker by worker and entry by entry."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import duckdb
import msgspec
import pytest
from ledger_workers import began, people
from nights import night

from learning_warehouse import admission, audit, loads
from learning_warehouse.errors import BadAnswer
from learning_warehouse.keys import email_key
from learning_warehouse.landing import land, land_and_type
from learning_warehouse.sources import SOURCES, find
from learning_warehouse.sources.hris.hibob import TablePages
from learning_warehouse.streams import RunContext
from learning_warehouse.typing_records import type_load

FIRST = datetime(2026, 12, 1, 1, tzinfo=UTC)
SECOND = FIRST + timedelta(days=31)
STREAMS = tuple(f"hibob.{name}" for name in SOURCES["hibob"].streams)
CONTRACTS = {"employee": "Permanent", "contractor": "Contractor"}


def ledger_employees(company, now):
    rows = {}
    for worker, spells, jobs in people(company, now):
        left = spells[-1].terminated if began(spells[-1].terminated, now) else None
        rows[worker.employee_id] = (
            email_key(b"a-fixed-key-so-that-hashes-repeat", worker.work_email), "Inactive" if left else "Active",
            "Terminated" if left else "Employed", left, spells[-1].hired, jobs[-1].job_title, jobs[-1].department,
            jobs[-1].location, worker.employee_id,
        )  # fmt: skip
    return rows


def ledger_entries(company, now):
    """Table -> employee id -> entries."""
    work, lifecycle, contracts = {}, {}, {}
    for worker, spells, jobs in people(company, now):
        work[worker.employee_id] = [
            (job.start.isoformat(), job.job_title, job.department, job.location, job.manager_employee_id) for job in jobs
        ]
        states = []
        for spell in spells:
            states.append((spell.hired.isoformat(), "Employed", None))
            if began(spell.terminated, now):
                reason = spell.termination_type if spell.termination_type in ("voluntary", "involuntary") else None
                states.append((spell.terminated.isoformat(), "Terminated", reason and reason.capitalize()))
        lifecycle[worker.employee_id] = states
        contracts[worker.employee_id] = [(spell.hired.isoformat(), CONTRACTS[worker.worker_type]) for spell in spells]
    return {"work_history": work, "lifecycle_history": lifecycle, "employment_history": contracts}


def newest(stream, columns, stored):
    source = f"read_parquet('{stored.path(f'admitted/hibob/{stream}/v=1')}/*.parquet', hive_partitioning=false)"
    return duckdb.sql(f"select {columns} from {source} where _seq = (select max(_seq) from {source})").fetchall()


def admitted_employees(stored):
    columns = "id, email_key, status, lifecycle_status, termination_date, start_date, title, department, site, employee_number"
    rows = newest("employees", columns, stored)
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1:] for row in rows}


def admitted_entries(stored):
    fields = {
        "work_history": ("effectiveDate", "title", "department", "site", "reportsTo"),
        "lifecycle_history": ("effectiveDate", "status", "reasonType"),
        "employment_history": ("effectiveDate", "contract"),
    }
    return {
        name: {key: opened(text, names) for key, text in newest(name, "employee_id, entries::varchar", stored)}
        for name, names in fields.items()
    }


def opened(text, names):
    return [tuple(plain(row[name]) for name in names) for row in msgspec.json.decode(text)]


def plain(value):
    return value["id"] if isinstance(value, dict) else value


def test_nights_with_faults_end_with_the_ledger_and_the_next_differs_by_what_changed(every_vendor, small_company, stored):
    every_vendor.set_faults(
        [
            {"vendor": "hibob", "kind": "rate_limit", "seconds": 0, "path_contains": "lifecycle", "times": 3},
            {"vendor": "hibob", "kind": "status", "status": 500, "path_contains": "employment", "times": 1},
            {"vendor": "hibob", "kind": "cut", "path_contains": "search", "times": 1},
            {"vendor": "hibob", "kind": "retyped_field", "field": "startDate", "path_contains": "search"},
        ]
    )
    receipts = {name: land_and_type(name, RunContext("first", FIRST)) for name in STREAMS}
    verdicts = {f"hibob.{one.stream}": one.verdict for one in audit.audit("hris", "first", FIRST, stored)}
    admission.admit("hris", stored)
    drifted = receipts["hibob.employees"]
    assert verdicts == dict.fromkeys(STREAMS, "admitted") | {"hibob.employees": "rejected"}
    assert drifted.set_aside_reasons == {"start_date: a list that is not a date": drifted.records}

    every_vendor.set_faults([])
    night(find("hibob.employees"), FIRST, stored)
    assert admitted_employees(stored) == ledger_employees(small_company, FIRST)
    before = admitted_entries(stored)
    assert before == ledger_entries(small_company, FIRST)

    every_vendor.move(SECOND)
    for name in STREAMS:
        night(find(name), SECOND, stored)
    after = admitted_entries(stored)
    assert admitted_employees(stored) == ledger_employees(small_company, SECOND)
    assert after == ledger_entries(small_company, SECOND)
    assert set(before["work_history"]) - set(after["work_history"]) == {"1247"}, "the ledger deletes this worker in December"
    changed = {key for name in after for key in after[name] if after[name][key] != before[name].get(key)}
    assert 0 < len(changed) < len(after["work_history"]) / 10, "all else came as it was, in lists that HiBob sends whole"


def in_small_pages(name):
    return replace(find(name), pages=TablePages(name.partition(".")[2].removesuffix("_history"), page_size=50))


def test_a_page_that_comes_again_never_ends_or_doubles_a_table(every_vendor, stored):
    stream = in_small_pages("hibob.work_history")
    every_vendor.set_faults([{"vendor": "hibob", "kind": "again", "path_contains": "cursor="}])
    with pytest.raises(BadAnswer, match="a cursor that it had sent before"):
        land(stream, RunContext("loop", FIRST), stored)
    assert loads.manifests(stream, stored) == []
    every_vendor.set_faults([])
    manifest = land(stream, RunContext("whole", FIRST), stored)
    assert (manifest.pages > 2, manifest.records) == (
        True,
        land(find(stream.full_name), RunContext("one", FIRST), stored).records,
    )


@pytest.mark.parametrize("name", STREAMS[:2])
def test_rows_that_come_twice_are_held_back(every_vendor, stored, name):
    def twice(reading):
        for page in find(name).pages(reading):
            yield from (page, page)

    manifest = land(replace(find(name), pages=twice), RunContext("twice", FIRST), stored)
    type_load(manifest, stored)
    (verdict,) = [one for one in audit.audit("hris", "twice", FIRST, stored) if f"hibob.{one.stream}" == name]
    assert verdict.verdict == "rejected"


def test_people_whose_rows_are_refused_break_the_page(every_vendor, stored):
    every_vendor.set_faults([{"vendor": "hibob", "kind": "renamed_field", "field": "results", "becomes": "errors"}])
    with pytest.raises(BadAnswer):
        land(find("hibob.work_history"), RunContext("first", FIRST), stored)
    assert loads.manifests(find("hibob.work_history"), stored) == []


def test_a_manager_who_was_erased_is_blanked_in_the_entries_of_others_with_name_and_all(every_vendor, small_company, stored):
    from learning_warehouse.erasures import Eraser
    from learning_warehouse.keys import identity_key

    secret = b"a-fixed-key-so-that-hashes-repeat"
    stream = find("hibob.work_history")
    manager = next(
        job.manager_employee_id for worker in small_company.employees for job in worker.jobs if job.manager_employee_id
    )
    entries = [{"id": 1, "title": "Engineer", "reportsTo": {"id": manager, "firstName": "Kim", "email": "kim@halden.example"}}]
    own = Eraser(stream, frozenset({identity_key(secret, "hibob.employees", manager)}), secret)
    kept = own.apply(msgspec.json.encode({"employeeId": "0", "values": entries}))
    assert msgspec.json.decode(kept) == {"employeeId": "0", "values": [{"id": 1, "title": "Engineer", "reportsTo": None}]}
    assert own.apply(msgspec.json.encode({"employeeId": manager, "values": entries})) is None
