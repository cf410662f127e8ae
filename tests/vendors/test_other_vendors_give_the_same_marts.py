"""A company whose systems are other vendors' has the same core rows and figures, except what those vendors cannot tell.

`cannot_tell.yml` lists per vendor what may differ, and why. The company with 360Learning runs by default, all with
LW_VENDORS=all; then what is listed and differs nowhere is an error as well, so that the list stays as short as it can be.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from companies_of_vendors import Difference, company_of, differences, night_of

DEFAULT = ("absorb", "bamboohr", "zendesk", "salesforce")
OTHERS = {
    "360learning": ("learning360", "workday", "freshdesk", "hubspot"),
    "moodle": ("moodle", "workday", "freshdesk", "hubspot"),
    "xapi": ("xapi", "workday", "freshdesk", "hubspot"),
    "hibob": ("absorb", "hibob", "freshdesk", "hubspot"),
}
ALL = os.environ.get("LW_VENDORS") == "all"
RUN = OTHERS if ALL else {"360learning": OTHERS["360learning"]}
LISTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "cannot_tell.yml").read_text())
LEAST_COMPARED = 20_000
pytestmark = [pytest.mark.slow, pytest.mark.vendors]
Compare = Callable[[str], tuple[list[Difference], int]]


@pytest.fixture(scope="module")
def compare(tmp_path_factory: pytest.TempPathFactory) -> Compare:
    """Where another company is not the default one, and how many figures were compared; each company has its night once."""
    nights: dict[tuple[str, ...], Path] = {}
    compared: dict[str, tuple[list[Difference], int]] = {}

    def of(name: str) -> tuple[list[Difference], int]:
        for vendors in (DEFAULT, OTHERS[name]):
            if vendors not in nights:
                nights[vendors] = night_of(vendors, tmp_path_factory.mktemp("vendors"))
        if name not in compared:
            compared[name] = differences(nights[DEFAULT], nights[OTHERS[name]], OTHERS[name])
        return compared[name]

    return of


def _listed(vendor: str) -> set[tuple[str, str]]:
    tables = [entry["figures"].items() for entry in LISTED.get(vendor, [])]
    return {(table, column) for items in tables for table, columns in items for column in columns}


@pytest.mark.parametrize("name", RUN)
def test_what_differs_is_listed_with_a_reason(compare: Compare, name: str) -> None:
    found, count = compare(name)
    assert count > LEAST_COMPARED, "nothing to compare is no proof"
    listed = set().union(*map(_listed, ("any", *OTHERS[name])))
    unexplained = [one for one in found if not {(one.table, one.column), (one.table, "all")} & listed]
    assert not unexplained, "\n".join(f"{one.table}.{one.column}: {one.example}" for one in unexplained)


if ALL:

    @pytest.mark.parametrize("vendor", LISTED)
    def test_what_is_listed_differs_somewhere(compare: Compare, vendor: str) -> None:
        differing = set()
        for name, vendors in OTHERS.items():
            if vendor in ("any", *vendors):
                differing |= {(one.table, column) for one in compare(name)[0] for column in (one.column, "all")}
        assert sorted(_listed(vendor) - differing) == []


def test_every_list_has_a_reason_and_names_a_vendor() -> None:
    assert set(LISTED) <= {"any", *(vendor for vendors in OTHERS.values() for vendor in vendors)}
    assert all(entry["because"].endswith(".") for entries in LISTED.values() for entry in entries)


def test_only_the_vendors_asked_for_are_simulated() -> None:
    states = yaml.safe_load(company_of(OTHERS["moodle"]))["sources"]
    assert {vendor for vendor, state in states.items() if state == "simulated"} == {*OTHERS["moodle"], "drops"}
    assert set(states) > set(DEFAULT)
