"""What keeps several tenants of one vendor apart stays so: names that cannot meet, and ids that are unique over tenants."""

import re
from itertools import permutations
from pathlib import Path

import pytest

from learning_warehouse.sources import SOURCES, every_stream

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
MACROS = STAGING.parents[1] / "macros"
VENDORS = sorted(set(SOURCES) - {"drops"})
FILES = [path for path in STAGING.rglob("*.sql") if path.parent.name in VENDORS] + [MACROS / "company_links.sql"]
OF_OTHER_SYSTEMS = {"external_id"}
COLUMN = re.compile(r"\s(?P<made>(?:\S.*)?to_(?:text|filled)\(.*) as (?P<name>\w+_id),?$", re.MULTILINE)
PARTITION = re.compile(r"partition by (?!.*_source)(?:\w+\.)?(?:id|object_id|registration|from_object_id)\b")


def no_keys(text: str) -> list[str]:
    """Ids that are a text of their own and no key."""
    return [
        found["name"]
        for found in COLUMN.finditer(text)
        if found["name"] not in OF_OTHER_SYSTEMS and "to_key(" not in found["made"]
    ]


def test_no_name_of_a_vendor_begins_with_that_of_another_as_dbt_reads_all_tenants_by_one_pattern():
    assert [(one, other) for one, other in permutations(SOURCES, 2) if other.startswith(one)] == []


def test_names_of_vendors_leave_the_signs_of_tenants_and_of_their_connections_free():
    assert all(re.fullmatch("[a-z][a-z0-9]*", vendor) for vendor in SOURCES)
    assert all(stream.identity is None or stream.identity.startswith(f"{stream.source}.") for stream in every_stream())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_id_of_a_vendor_is_a_key(path):
    assert no_keys(path.read_text()) == []
    assert PARTITION.findall(path.read_text()) == []


def test_the_rule_sees_what_it_is_for():
    assert no_keys("\n        {{ to_text('id') }} as ticket_id,\n") == ["ticket_id"]
    assert no_keys("\n        {{ to_filled('a.owner_id') }} as owner_id\n") == ["owner_id"]
    assert no_keys("\n        {{ to_key('id') }} || '/' || {{ to_text('user_id') }} as enrollment_id,\n") == []
    assert PARTITION.search("row_number() over (partition by id order by x)")
    assert sum(path.read_text().count("to_key(") + path.read_text().count("to_filled_key(") for path in FILES) > 100


@pytest.mark.parametrize("vendor", VENDORS)
def test_dbt_reads_all_tenants_of_a_vendor(vendor):
    (path,) = STAGING.rglob(f"_{vendor}__sources.yml")
    assert f"/admitted/{vendor}*/{{name}}/v=" in path.read_text()
