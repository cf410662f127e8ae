"""Zendesk Support: tickets with their metric sets, users, organizations, satisfaction ratings.

Paging: three schemes in one API. Tickets and users: incremental export with a cursor, ended by end_of_stream only.
Organizations: the older time form, whose last second comes twice. Ratings: page[size] with links.next.
Clock: the ticket export filters on generated_timestamp, not on updated_at. The last minute is held back, and a start that
is too recent is answered 422: nothing new. Rate limit: exports 10 a minute, 429 with Retry-After, the body may be text.
Deletes: tickets come with status `deleted`, users with active false, organizations with deleted_at.
Docs: https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
Alone against the sandbox: `lw sandbox` in one terminal, `lw land zendesk.tickets` in another.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec

from learning_warehouse.connections import Connection
from learning_warehouse.errors import LearningWarehouseError
from learning_warehouse.http import Basic, Client
from learning_warehouse.paging import ExportPages, KeysetPages, TimePages, parse
from learning_warehouse.streams import Answer, Column, Holdings, Page, Reading, Source, Stream

OVERLAP = timedelta(days=1)


class _Number(msgspec.Struct):
    value: int


class _Count(msgspec.Struct):
    count: _Number


class NothingNew(LearningWarehouseError):
    """The start lies in the minute that Zendesk holds back."""


def open_client(connection: Connection) -> Client:
    """A client that sends `mail/token` and the API token as a Basic header."""
    return Client(connection, Basic(f"{connection.login}/token", connection.password), base_path="/api/v2", refusal=_refusal)


def _refusal(answer: Answer) -> LearningWarehouseError | None:
    if answer.status == 422 and b"recent start_time" in answer.body:
        return NothingNew("nothing new", "zendesk")
    return None


def _or_nothing(pages: Callable[[Reading], Iterator[Page]]) -> Callable[[Reading], Iterator[Page]]:
    def read(reading: Reading) -> Iterator[Page]:
        try:
            yield from pages(reading)
        except NothingNew:
            yield Page([], next_cursor=reading.cursor)

    return read


def _holdings(collection: str, told_gone: str) -> Holdings:
    """Zendesk counts what is not deleted; above 100,000 the count may be a day old."""

    def count(reading: Reading) -> int:
        return reading.client.get(f"/{collection}/count.json", {}, lambda answer: parse(answer.body, _Count).count.value)

    return Holdings(count, told_gone=told_gone)


def _rated_in_window(reading: Reading) -> dict[str, str]:
    moments = reading.window_from, reading.window_to
    return {name: str(int(moment.timestamp())) for name, moment in zip(("start_time", "end_time"), moments, strict=True)}


TICKETS = Stream(
    "zendesk", "support", "tickets", "cursor",
    _or_nothing(ExportPages("/incremental/tickets/cursor.json", "tickets", {"include": "metric_sets"})),
    ("id",), "generated_timestamp", holdings=_holdings("tickets", "status = 'deleted'"),
    columns=(
        Column("id", "bigint", required=True), Column("created_at", "timestamp", required=True),
        Column("updated_at", "timestamp", required=True), Column("generated_timestamp", "bigint", required=True),
        Column("type"), Column("priority"), Column("status", required=True),
        Column("requester_id", "bigint", required=True), Column("assignee_id", "bigint"), Column("organization_id", "bigint"),
        Column("group_id", "bigint"), Column("via_channel", path="via.channel"), Column("tags", "json"),
        Column("ticket_form_id", "bigint"), Column("metric_solved_at", "timestamp", "metric_set.solved_at"),
        Column("metric_reopens", "bigint", "metric_set.reopens"),
        Column("metric_first_reply_minutes", "bigint", "metric_set.reply_time_in_minutes.calendar"),
        Column("metric_full_resolution_minutes", "bigint", "metric_set.full_resolution_time_in_minutes.calendar"),
    ),
    untyped_keys=(
        "url", "external_id", "subject", "raw_subject", "description", "recipient", "submitter_id", "collaborator_ids",
        "follower_ids", "email_cc_ids", "forum_topic_id", "problem_id", "has_incidents", "is_public", "due_at",
        "custom_fields", "fields", "satisfaction_rating", "sharing_agreement_ids", "custom_status_id", "followup_ids",
        "brand_id", "allow_channelback", "allow_attachments", "from_messaging_channel", "encoded_id", "result_type",
    ),
)  # fmt: skip
USERS = Stream(
    "zendesk", "support", "users", "cursor", _or_nothing(ExportPages("/incremental/users/cursor.json", "users")),
    ("id",), "updated_at", identity="zendesk.users",
    holdings=_holdings("users", "NOT active"),
    columns=(
        Column("id", "bigint", required=True), Column("email", personal="email"), Column("role", required=True),
        Column("organization_id", "bigint"), Column("external_id"), Column("active", "boolean"),
        Column("suspended", "boolean"), Column("created_at", "timestamp", required=True),
        Column("updated_at", "timestamp", required=True),
    ),
    untyped_keys=(
        "url", "name", "verified", "time_zone", "iana_time_zone", "locale", "locale_id", "last_login_at", "tags",
        "user_fields", "phone", "shared_phone_number", "photo", "alias", "details", "notes", "signature", "moderator",
        "only_private_comments", "restricted_agent", "role_type", "custom_role_id", "default_group_id", "report_csv",
        "shared", "shared_agent", "ticket_restriction", "two_factor_auth_enabled", "permanently_deleted", "is_billing_admin",
    ),
)  # fmt: skip
ORGANIZATIONS = Stream(
    "zendesk", "support", "organizations", "cursor",
    _or_nothing(TimePages("/incremental/organizations.json", "organizations")), ("id",), "updated_at",
    holdings=_holdings("organizations", "deleted_at IS NOT NULL"),
    columns=(
        Column("id", "bigint", required=True), Column("name"), Column("external_id"), Column("domain_names", "json"),
        Column("created_at", "timestamp", required=True), Column("updated_at", "timestamp", required=True),
        Column("deleted_at", "timestamp"),
    ),
    untyped_keys=("url", "group_id", "tags", "organization_fields", "details", "notes", "shared_tickets", "shared_comments"),
)  # fmt: skip
SATISFACTION_RATINGS = Stream(
    "zendesk", "support", "satisfaction_ratings", "window",
    _or_nothing(KeysetPages("/satisfaction_ratings", "satisfaction_ratings", _rated_in_window)), ("id",), "updated_at",
    lag=OVERLAP,
    columns=(
        Column("id", "bigint", required=True), Column("ticket_id", "bigint", required=True),
        Column("requester_id", "bigint"), Column("assignee_id", "bigint"), Column("score", required=True),
        Column("created_at", "timestamp", required=True), Column("updated_at", "timestamp", required=True),
    ),
    untyped_keys=("url", "group_id", "comment", "reason", "reason_id", "reason_code"),
)  # fmt: skip

SOURCE = Source(
    "zendesk", "Zendesk Support", "support",
    {stream.name: stream for stream in (TICKETS, USERS, ORGANIZATIONS, SATISFACTION_RATINGS)},
    open_client, check_path="/satisfaction_ratings", check_params={"page[size]": "1"},
)  # fmt: skip
