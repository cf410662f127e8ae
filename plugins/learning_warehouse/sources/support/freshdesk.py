"""Freshdesk: tickets, contacts, agents, companies, satisfaction ratings.

Paging: bare arrays, at most 100 records, the next page in the Link header. Tickets stop at page 300, so they are read by
time and not by number. Clock: tickets `updated_since`, contacts `_updated_since`; without it Freshdesk lists thirty days
only. Ratings know `created_since` alone, hence a look-back of fourteen days; agents and companies have no filter and are
read whole. Rate limit: 50 to 700 calls a minute by plan, 429 with Retry-After; each `include` costs a call more.
Deletes: deleted and spam tickets leave the list and are shown by `filter` only. Both lists are read whole each night,
because nothing says that a deletion moves `updated_at`; `_listed` in the record says which list it came from. Deleted
contacts likewise with `state`. The CRM's account id is expected in the company field `cf_crm_account_id`.
Docs: https://developers.freshdesk.com/api/
Alone against the sandbox: `lw sandbox` in one terminal, `lw land freshdesk.tickets` in another.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from learning_warehouse.connections import Connection
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging_links import LinkPages, SinceLastPages, marked, zulu
from learning_warehouse.streams import BEGINNING, Column, Page, Reading, Source, Stream

OVERLAP = timedelta(hours=1)
RATINGS_LOOK_BACK = timedelta(days=14)
TICKET_PAGES = SinceLastPages("/tickets", {"include": "stats"})
HIDDEN_TICKETS = ("deleted", "spam")
EACH_PAGE = {"per_page": "100"}


def open_client(connection: Connection) -> Client:
    """A client that sends the API key as the user of a Basic header."""
    return Client(connection, Basic(connection.password, "X"), base_path="/api/v2")


def listed(pages: Iterator[Page], name: str) -> Iterator[Page]:
    """The pages with the name of their list in front of each record: {"_listed":"deleted",...}."""
    for page in pages:
        yield replace(page, records=[marked(record, "_listed", name) for record in page.records])


def _tickets(reading: Reading) -> Iterator[Page]:
    yield from listed(TICKET_PAGES(reading), "current")
    for name in HIDDEN_TICKETS:
        pages = replace(TICKET_PAGES, params={**TICKET_PAGES.params, "filter": name})
        yield from listed(pages.walk(reading, BEGINNING), name)


def _contacts(reading: Reading) -> Iterator[Page]:
    since = {**EACH_PAGE, "_updated_since": zulu(reading.window_from)}
    yield from listed(LinkPages("/contacts", since)(reading), "current")
    yield from listed(LinkPages("/contacts", {**since, "state": "deleted"})(reading), "deleted")


def _ratings(reading: Reading) -> Iterator[Page]:
    since = {**EACH_PAGE, "created_since": zulu(reading.window_from)}
    return LinkPages("/surveys/satisfaction_ratings", since)(reading)


ID = Column("id", "bigint", required=True)
LISTED = Column("listed", path="_listed", required=True)
CREATED_AT = Column("created_at", "timestamp", required=True)
UPDATED_AT = Column("updated_at", "timestamp", required=True)

TICKETS = Stream(
    "freshdesk", "support", "tickets", "window", _tickets, ("id",), "updated_at", lag=OVERLAP,
    columns=(
        ID, LISTED, CREATED_AT, UPDATED_AT, Column("type"), Column("priority", "bigint"),
        Column("status", "bigint", required=True), Column("requester_id", "bigint", required=True),
        Column("responder_id", "bigint"), Column("company_id", "bigint"), Column("group_id", "bigint"),
        Column("source", "bigint"), Column("tags", "json"),
        Column("first_responded_at", "timestamp", "stats.first_responded_at"),
        Column("reopened_at", "timestamp", "stats.reopened_at"), Column("resolved_at", "timestamp", "stats.resolved_at"),
        Column("closed_at", "timestamp", "stats.closed_at"),
    ),
    untyped_keys=(
        "subject", "description", "description_text", "product_id", "email_config_id", "cc_emails", "fwd_emails",
        "reply_cc_emails", "ticket_cc_emails", "ticket_bcc_emails", "to_emails", "custom_fields", "spam", "deleted",
        "is_escalated", "fr_escalated", "nr_escalated", "due_by", "fr_due_by", "nr_due_by", "associated_tickets_count",
        "association_type", "attachments", "structured_description", "support_email", "form_id", "requester",
    ),
)  # fmt: skip
CONTACTS = Stream(
    "freshdesk", "support", "contacts", "window", _contacts, ("id",), "updated_at", lag=OVERLAP,
    identity="freshdesk.contacts",
    columns=(
        ID, LISTED, Column("email", personal="email"), Column("company_id", "bigint"),
        Column("unique_external_id"), Column("active", "boolean"), CREATED_AT, UPDATED_AT,
    ),
    untyped_keys=(
        "name", "first_name", "last_name", "phone", "mobile", "address", "description", "job_title", "language", "time_zone",
        "twitter_id", "facebook_id", "other_emails", "other_companies", "other_phone_numbers", "view_all_tickets",
        "custom_fields", "tags", "avatar", "deleted", "csat_rating", "preferred_source", "visitor_id", "org_contact_id",
    ),
)  # fmt: skip
AGENTS = Stream(
    "freshdesk", "support", "agents", "snapshot", LinkPages("/agents", EACH_PAGE), ("id",), "updated_at",
    identity="freshdesk.agents", volume=(0.7, 3.0),
    columns=(
        ID, Column("email", path="contact.email", personal="email"), Column("type"),
        Column("active", "boolean", "contact.active"), CREATED_AT, UPDATED_AT,
    ),
    untyped_keys=(
        "available", "available_since", "occasional", "signature", "ticket_scope", "skill_ids", "group_ids",
        "role_ids", "deactivated", "focus_mode", "last_active_at", "scope", "contribution_group_ids", "org_agent_id",
        "agent_operational_status", "freshchat_agent", "agent_level_id",
    ),
)  # fmt: skip
COMPANIES = Stream(
    "freshdesk", "support", "companies", "snapshot", LinkPages("/companies", EACH_PAGE), ("id",), "updated_at",
    volume=(0.9, 1.5),
    columns=(
        ID, Column("name"), Column("external_id", path="custom_fields.cf_crm_account_id"), Column("domains", "json"),
        CREATED_AT, UPDATED_AT,
    ),
    untyped_keys=(
        "description", "note", "health_score", "account_tier", "renewal_date", "industry", "org_company_id",
    ),
)  # fmt: skip
SATISFACTION_RATINGS = Stream(
    "freshdesk", "support", "satisfaction_ratings", "window", _ratings, ("id",), "updated_at", lag=RATINGS_LOOK_BACK,
    columns=(
        ID, Column("ticket_id", "bigint", required=True), Column("user_id", "bigint"), Column("agent_id", "bigint"),
        Column("rating", "bigint", "ratings.default_question", required=True), CREATED_AT, UPDATED_AT,
    ),
    untyped_keys=("survey_id", "group_id", "feedback"),
)  # fmt: skip

SOURCE = Source(
    "freshdesk", "Freshdesk", "support",
    {stream.name: stream for stream in (TICKETS, CONTACTS, AGENTS, COMPANIES, SATISFACTION_RATINGS)},
    open_client, check_path="/agents", check_params={"per_page": "1"},
)  # fmt: skip
