"""HubSpot's face: texts only, ceilings of a search, archived objects apart, links with 207, and 429 without Retry-After."""

from datetime import timedelta
from typing import Any

import pytest

from learning_warehouse.sandbox import hubspot

HEADERS = {"Authorization": f"Bearer {hubspot.TOKEN}"}
URL = "http://api.hubapi.com"


def ask(door: Any, path: str, **params: Any) -> Any:
    return door.get(URL + path, headers=HEADERS, params=params)


def search(door: Any, name: str, **body: Any) -> Any:
    return door.send("POST", f"{URL}/crm/v3/objects/{name}/search", headers=HEADERS, json=body)


def by_id(last: int = 0, **more: Any) -> dict[str, Any]:
    filters = [{"propertyName": "hs_object_id", "operator": "GT", "value": str(last)}]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
        "limit": 200,
    } | more


def test_a_wrong_token_is_refused(door: Any) -> None:
    answer = door.get(f"{URL}/crm/v3/owners", headers={"Authorization": "Bearer wrong"})
    assert (answer.status_code, answer.json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_every_property_is_a_text_or_null_and_unknown_names_are_left_out(door: Any) -> None:
    names = ["numberofemployees", "hs_lastmodifieddate", "churned_date", "no_such_property"]
    for company in search(door, "companies", **by_id(properties=names)).json()["results"]:
        assert all(value is None or isinstance(value, str) for value in company["properties"].values())
        assert {"numberofemployees", "churned_date", "hs_object_id"} <= set(company["properties"])
        assert "no_such_property" not in company["properties"]


def test_steps_of_ids_read_more_than_a_page_and_the_last_one_has_no_paging(door: Any) -> None:
    found: list[int] = []
    while True:
        page = search(door, "contacts", **by_id(found[-1] if found else 0)).json()
        found += [int(contact["id"]) for contact in page["results"]]
        if "paging" not in page:
            break
    assert found == sorted(set(found))
    assert len(found) == 2499, "all but the archived one"


@pytest.mark.parametrize(
    "body",
    [{"limit": 201}, {"after": "9900", "limit": 200}, {"properties": ["x" * 3000]}, {"filterGroups": [{"filters": []}] * 6}],
)
def test_a_search_beyond_the_ceilings_is_refused(door: Any, body: dict[str, Any]) -> None:
    answer = search(door, "contacts", **body)
    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")


def test_an_archived_contact_is_in_the_archived_list_only(door: Any) -> None:
    (archived,) = ask(door, "/crm/v3/objects/contacts", archived="true", limit=100).json()["results"]
    assert archived["archived"] and archived["archivedAt"] == "2026-11-30T09:00:00.000Z"
    everyone = search(door, "contacts", **by_id(int(archived["id"]) - 1)).json()["results"]
    assert archived["id"] not in [contact["id"] for contact in everyone]


def test_what_changed_a_moment_ago_is_not_found_yet(door: Any) -> None:
    door.move(door.now.replace(month=12, day=1, hour=9) + timedelta(seconds=5))
    late = search(door, "deals", **by_id()).json()
    door.move(door.now.replace(month=12, day=1, hour=9) + timedelta(seconds=15))
    assert search(door, "deals", **by_id()).json()["total"] == late["total"] + 1


def test_the_company_that_a_merge_ended_is_gone_and_the_other_names_it(door: Any) -> None:
    before = search(door, "companies", **by_id(properties=["name"])).json()["results"]
    door.move(door.later)
    after = search(door, "companies", **by_id(properties=["name", "hs_merged_object_ids"])).json()["results"]
    (gone,) = {company["id"] for company in before} - {company["id"] for company in after}
    (winner,) = [company for company in after if company["properties"]["hs_merged_object_ids"]]
    assert winner["properties"]["hs_merged_object_ids"] == gone


def test_links_of_some_objects_come_with_207_and_of_all_with_200(door: Any) -> None:
    contact = ask(door, "/crm/v3/objects/contacts", limit=1).json()["results"][0]["id"]
    path = f"{URL}/crm/v4/associations/contacts/companies/batch/read"
    both = door.send("POST", path, headers=HEADERS, json={"inputs": [{"id": contact}, {"id": "1"}]})
    one = door.send("POST", path, headers=HEADERS, json={"inputs": [{"id": contact}]})
    assert (both.status_code, both.json()["numErrors"], one.status_code) == (207, 1, 200)
    (link,) = one.json()["results"]
    assert link["from"] == {"id": contact} and isinstance(link["to"][0]["toObjectId"], int)


def test_the_true_limit_of_searches_answers_429_without_retry_after(slow_door: Any) -> None:
    answers = [search(slow_door, "companies", **by_id()) for _ in range(7)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].json()["policyName"] == "SECONDLY"
    assert "Retry-After" not in refused[0].headers
