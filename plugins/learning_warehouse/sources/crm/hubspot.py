"""HubSpot CRM: contacts, companies, deals, owners, and which contacts and deals belong to which company.

Paging: changed objects by search (POST), 200 a page, in order of their ids; everything else with `paging.next.after`.
Clock: `lastmodifieddate` of contacts, `hs_lastmodifieddate` of the others, half-open windows of milliseconds with an hour
of overlap, because the search index lags. Links move no such date: they are read whole each night. Rate limit: 100 to 190
calls in ten seconds, five searches a second, 429 without Retry-After as often as not; DAILY means come back later.
Deletes: archived objects never appear in a search, so the archived list is read as well and what was archived in the window
is kept. Of a merge only `hs_merged_object_ids` of the winner is left; what privacy law deletes
vanishes without a word and is found by a weekly sweep of the ids.
History: the owners that a changed company had, read in batches of 50; HubSpot keeps about twenty values.
Every value below `properties` is a text or null, and an unknown property is left out without an error.
Our own properties (docs/connect-your-own.md): segment, plan, early_health_band, churned_date and so on of companies; contracts
are deals of the pipeline `contracts` with contract_start_date, paid_seats, annual_value.
Docs: https://developers.hubspot.com/docs/api-reference/overview
Alone against the sandbox: `lw sandbox` in one terminal, `lw land hubspot.companies` in another.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.errors import LearningWarehouseError, RetryLater
from learning_warehouse.http import Client
from learning_warehouse.paging import parse
from learning_warehouse.paging_search import HistoryPages, LinkedPages, ListPages, SearchPages, archived_since
from learning_warehouse.streams import Answer, Column, ColumnType, Holdings, Page, Reading, Source, Stream
from learning_warehouse.sweeps import deletions
from learning_warehouse.tokens import FixedToken

OVERLAP = timedelta(hours=1)
QUOTA_PAUSE = timedelta(hours=1)
SOME_FOUND = 207


def open_client(connection: Connection) -> Client:
    """A client that sends the private app's token; 207 is the usual answer when some objects have no links."""
    return Client(connection, FixedToken(connection.password), refusal=_refusal, accepted=(200, SOME_FOUND))


def _refusal(answer: Answer) -> LearningWarehouseError | None:
    if answer.status == 429 and b'"DAILY"' in answer.body:
        return RetryLater("the daily request quota is used up", datetime.now(UTC) + QUOTA_PAUSE, "hubspot")
    return None


class _Total(msgspec.Struct):
    total: int


def _property(name: str, kind: ColumnType = "varchar", called: str | None = None) -> Column:
    return Column(called or name, kind, f"properties.{name}")


def _objects(name: str, version: str, columns: tuple[Column, ...], identity: str | None = None) -> Stream:
    properties = tuple(column.json_path.removeprefix("properties.") for column in columns)

    def read(reading: Reading) -> Iterator[Page]:
        yield from SearchPages(name, version, properties)(reading)
        archived = ListPages(f"/crm/v3/objects/{name}", {"archived": "true", "properties": ",".join(properties)})
        yield from archived_since(archived(reading), reading.window_from)

    return Stream(
        "hubspot", "crm", name, "window", read, ("id",), "updated_at", (*OBJECT, *columns), identity=identity, lag=OVERLAP,
        untyped_keys=("propertiesWithHistory", "associations", "url", "objectWriteTraceId"), holdings=_holdings(name),
    )  # fmt: skip


def _holdings(name: str) -> Holdings:
    """A search without filters counts what is not archived; the lists tell which ids there are, archived ones too."""

    def count(reading: Reading) -> int:
        question = {"filterGroups": [], "properties": ["hs_object_id"], "limit": 1}
        return reading.client.post(f"/crm/v3/objects/{name}/search", question, lambda answer: parse(answer.body, _Total).total)

    def keys(reading: Reading) -> Iterator[Page]:
        for archived in ("false", "true"):
            yield from ListPages(f"/crm/v3/objects/{name}", {"archived": archived, "properties": "hs_object_id"})(reading)

    return Holdings(count, keys, "archived")


def _links(name: str, start: str, end: str) -> Stream:
    columns = (
        Column("from_object_id", path="fromObjectId", required=True), Column("to_object_id", path="toObjectId", required=True),
        Column("association_types", "json", "associationTypes"),
    )  # fmt: skip
    pages = LinkedPages(start, end)
    return Stream("hubspot", "crm", name, "snapshot", pages, ("from_object_id", "to_object_id"), None, columns, volume=(0.9, 1.5))


def _owners(reading: Reading) -> Iterator[Page]:
    for archived in ("false", "true"):
        yield from ListPages("/crm/v3/owners", {"archived": archived})(reading)


OBJECT = (
    Column("id", required=True), Column("archived", "boolean"), Column("archived_at", "timestamp", "archivedAt"),
    Column("created_at", "timestamp", "createdAt", required=True),
    Column("updated_at", "timestamp", "updatedAt", required=True),
)  # fmt: skip
OWNER_ID = _property("hubspot_owner_id", called="owner_id")
MERGED_IDS = _property("hs_merged_object_ids", called="merged_object_ids")

CONTACTS = _objects("contacts", "lastmodifieddate", (
    Column("email", path="properties.email", personal="email"), _property("jobtitle"),
    _property("associatedcompanyid", called="company_id"), MERGED_IDS, _property("salesforcecontactid", called="external_id"),
), identity="hubspot.contacts")  # fmt: skip
COMPANIES = _objects("companies", "hs_lastmodifieddate", (
    _property("name"), _property("domain"), _property("industry"), _property("numberofemployees", "bigint"), OWNER_ID, MERGED_IDS,
    _property("salesforceaccountid", called="external_id"), _property("segment"), _property("plan"),
    _property("early_health_band"), _property("early_health_band_date", "date"), _property("churned_date", "timestamp"),
    _property("churn_reason"), _property("first_value_date", "timestamp"),
))  # fmt: skip
DEALS = _objects("deals", "hs_lastmodifieddate", (
    _property("pipeline"), _property("dealstage"), _property("dealtype"), OWNER_ID, _property("amount", "double"),
    _property("deal_currency_code"), _property("closedate", "timestamp"), _property("hs_is_closed", "boolean", "is_closed"),
    _property("hs_is_closed_won", "boolean", "is_won"), _property("contract_start_date", "date"),
    _property("contract_end_date", "date"), _property("contract_term_months", "bigint"), _property("paid_seats", "bigint"),
    _property("annual_value", "double"),
))  # fmt: skip
COMPANY_OWNERS = Stream(
    "hubspot", "crm", "company_owners", "window", HistoryPages("companies", "hs_lastmodifieddate", "hubspot_owner_id"),
    ("id",), "updated_at", lag=OVERLAP,
    columns=(*OBJECT, Column("owner_history", "json", "propertiesWithHistory.hubspot_owner_id")),
    untyped_keys=("properties", "url", "objectWriteTraceId"),
)  # fmt: skip
OWNERS = Stream(
    "hubspot", "crm", "owners", "snapshot", _owners, ("id",), "updated_at", identity="hubspot.owners", volume=(0.7, 3.0),
    columns=(
        Column("id", required=True), Column("email", personal="email"), Column("user_id", path="userIdIncludingInactive"),
        Column("archived", "boolean"), *OBJECT[3:],
    ),
    untyped_keys=("firstName", "lastName", "userId", "teams", "type"),
)  # fmt: skip

SOURCE = Source(
    "hubspot", "HubSpot", "crm",
    {
        stream.name: stream
        for stream in (
            COMPANIES, CONTACTS, DEALS, OWNERS, COMPANY_OWNERS, _links("contact_companies", "contacts", "companies"),
            _links("deal_companies", "deals", "companies"), deletions("hubspot", "crm"),
        )
    },
    open_client, check_path="/crm/v3/owners", check_params={"limit": "1"},
)  # fmt: skip
