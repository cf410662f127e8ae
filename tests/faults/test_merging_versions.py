"""Families D and E: of all versions of a record one row is left, in whatever order and however often they came."""

from datetime import timedelta
from itertools import permutations

import pytest
from landed import NOW, admitted, night
from merged_versions import newest_snapshot, newest_version
from paged_vendors import RATINGS, rating

from learning_warehouse.sources import find
from learning_warehouse.storage import Storage

CONTACTS, EMPLOYEES = find("salesforce.contacts"), find("bamboohr.employees")


def _contact(day: int, is_deleted: bool) -> dict[str, object]:
    moment = f"2026-11-{day:02d}T10:00:00.000+0000"
    return {"Id": "c1", "IsDeleted": is_deleted, "CreatedDate": "2026-01-01T00:00:00Z", "SystemModstamp": moment}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_deleted_restored_and_deleted_again_ends_deleted_whatever_the_order_of_arrival(tmp_path, home, order):
    stored, versions = Storage(tmp_path / "store"), [_contact(1, True), _contact(2, False), _contact(3, True)]
    for number, position in enumerate(order):
        night(CONTACTS, [versions[position]], stored, f"night {number}", NOW + timedelta(days=number))
    (row,) = newest_version(admitted(CONTACTS, stored), ["id"], "system_modstamp")
    assert (row["is_deleted"], row["system_modstamp"].day) == (True, 3)


def test_a_record_restored_last_is_there_again(stored):
    for number, version in enumerate([_contact(1, True), _contact(2, False)]):
        night(CONTACTS, [version], stored, f"night {number}", NOW + timedelta(days=number))
    (row,) = newest_version(admitted(CONTACTS, stored), ["id"], "system_modstamp")
    assert row["is_deleted"] is False


def test_one_row_per_key_whatever_came_how_often(stored):
    same, other = rating(1, score="good"), rating(1, score="bad")
    night(RATINGS, [same, same, rating(2)], stored, "first")
    night(RATINGS, [same, rating(2)], stored, "the same answer again", NOW + timedelta(days=1))
    merged = newest_version(admitted(RATINGS, stored), ["id"], "updated_at")
    assert sorted((row["id"], row["score"]) for row in merged) == [(1, "good"), (2, "good")]
    night(RATINGS, [same, other], stored, "two contents of one version", NOW + timedelta(days=2))
    merged = newest_version(admitted(RATINGS, stored), ["id"], "updated_at")
    assert sorted((row["id"], row["score"]) for row in merged) == [(1, "bad"), (2, "good")], "what reached us last counts"


def test_who_is_absent_from_the_newest_list_is_gone_and_an_empty_list_is_no_list(stored):
    def everybody(*numbers):
        return [{"employeeId": number, "status": "Active"} for number in numbers]

    night(EMPLOYEES, everybody("1", "2", "3"), stored, "first")
    night(EMPLOYEES, everybody("1", "3", "3"), stored, "second", NOW + timedelta(days=1))
    files = admitted(EMPLOYEES, stored)
    assert sorted(row["employee_id"] for row in newest_snapshot(files, ["employee_id"])) == ["1", "3"]
    night(EMPLOYEES, [], stored, "third", NOW + timedelta(days=2))
    assert sorted(row["employee_id"] for row in newest_snapshot(files, ["employee_id"])) == ["1", "3"]
