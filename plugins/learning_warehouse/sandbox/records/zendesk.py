"""Zendesk Support records at `now`: tickets with their metric sets, users, organizations and satisfaction ratings.

Tickets are listed by `generated_timestamp`, the newest event known, deletion included; a deleted ticket stays with
status `deleted`. Changes of the last minute are not exported. Rows are rendered only when a page needs them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import iso_z, known, name_of_address, number_from
from learning_warehouse.simulation.ledger import Ledger, Organization, SupportUser, Ticket

EXCLUDED_LAST = timedelta(minutes=1)
CHANNELS = ("web", "email", "email", "chat", "api")
TYPES = {"how_to": "question", "defect": "problem", "billing": "task", "request": "task"}
GROUP_ID, FORM_ID, BRAND_ID, AREA_FIELD_ID = 360001000001, 360001000002, 360001000003, 360001000004
RATING_ID_OFFSET = 360_002_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record to be: version in whole seconds since 1970, id, and the ledger fact."""

    version: int
    id: int
    fact: Any


class ZendeskRecords:
    """Everything the help desk exports at one `now`; lists are ordered by (version, id)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now
        self.newest_exported = int((now - EXCLUDED_LAST).timestamp())

    @cached_property
    def tickets(self) -> list[Row]:
        now = self.now
        rows = []
        for ticket in self.ledger.tickets:
            if ticket.created_at >= now:
                continue
            moments = (ticket.created_at, ticket.first_reply_at, ticket.solved_at, ticket.rated_at, ticket.deleted_at)
            version = int(max(moment for moment in moments if moment is not None and moment < now).timestamp())
            if version <= self.newest_exported:
                rows.append(Row(version, ticket.ticket_id, ticket))
        return sorted(rows, key=lambda row: (row.version, row.id))

    @cached_property
    def users(self) -> list[Row]:
        return self._created(self.ledger.support_users, "support_user_id")

    @cached_property
    def organizations(self) -> list[Row]:
        return self._created(self.ledger.organizations, "organization_id")

    def _created(self, facts: list[Any], id_name: str) -> list[Row]:
        rows = [Row(int(fact.created_at.timestamp()), getattr(fact, id_name), fact) for fact in facts]
        rows = [row for row in rows if row.version <= self.newest_exported]
        return sorted(rows, key=lambda row: (row.version, row.id))

    @cached_property
    def satisfaction_ratings(self) -> list[Row]:
        rows = [
            Row(int(ticket.rated_at.timestamp()), ticket.ticket_id, ticket)
            for ticket in self.ledger.tickets
            if ticket.rated_at is not None and ticket.rated_at < self.now and ticket.satisfaction
        ]
        return sorted(rows, key=lambda row: (row.version, row.id))

    def render_ticket(self, row: Row, base_url: str, with_metric_set: bool) -> dict[str, Any]:
        """One ticket as the export shows it; metrics are whole minutes."""
        ticket: Ticket = row.fact
        version = _time(row.version)
        rated = known(ticket.rated_at, self.now) is not None and ticket.satisfaction
        kind = [f"kind_{ticket.kind}"] if ticket.is_kind_tagged else []
        fields = [{"id": AREA_FIELD_ID, "value": ticket.category}]
        subject = f"{ticket.category.replace('_', ' ').capitalize()}: request {ticket.ticket_id}"
        record = {
            "url": f"{base_url}/api/v2/tickets/{ticket.ticket_id}.json",
            "id": ticket.ticket_id,
            "external_id": None,
            "via": {
                "channel": CHANNELS[number_from(str(ticket.ticket_id), len(CHANNELS))],
                "source": {"from": {}, "to": {}, "rel": None},
            },
            "created_at": iso_z(ticket.created_at),
            "updated_at": version,
            "generated_timestamp": row.version,
            "type": TYPES.get(ticket.kind) if ticket.is_kind_tagged else None,
            "subject": subject,
            "raw_subject": subject,
            "description": subject,
            "priority": ticket.priority,
            "status": self._status(ticket),
            "recipient": None,
            "requester_id": ticket.requester_id,
            "submitter_id": ticket.requester_id,
            "assignee_id": ticket.assignee_id,
            "organization_id": ticket.organization_id,
            "group_id": GROUP_ID,
            "collaborator_ids": [],
            "follower_ids": [],
            "email_cc_ids": [],
            "forum_topic_id": None,
            "problem_id": None,
            "has_incidents": False,
            "is_public": True,
            "due_at": None,
            "tags": [f"area_{ticket.category}", *kind],
            "custom_fields": fields,
            "satisfaction_rating": {"score": ticket.satisfaction if rated else "unoffered"},
            "sharing_agreement_ids": [],
            "custom_status_id": None,
            "fields": fields,
            "followup_ids": [],
            "ticket_form_id": FORM_ID,
            "brand_id": BRAND_ID,
            "allow_channelback": False,
            "allow_attachments": True,
            "from_messaging_channel": False,
        }
        return record | {"metric_set": self._metric_set(ticket, version)} if with_metric_set else record

    def _status(self, ticket: Ticket) -> str:
        if known(ticket.deleted_at, self.now):
            return "deleted"
        if known(ticket.solved_at, self.now):
            return "solved"
        return "open" if known(ticket.first_reply_at, self.now) else "new"

    def _metric_set(self, ticket: Ticket, version: str | None) -> dict[str, Any]:
        replied, solved = known(ticket.first_reply_at, self.now), known(ticket.solved_at, self.now)
        resolution = _minutes(ticket.created_at, solved)
        return {
            "id": ticket.ticket_id + 500_000_000,
            "ticket_id": ticket.ticket_id,
            "created_at": iso_z(ticket.created_at),
            "updated_at": version,
            "group_stations": 1,
            "assignee_stations": 1,
            "reopens": ticket.reopen_count if solved else 0,
            "replies": 1 + ticket.reopen_count if solved else 1 if replied else 0,
            "assignee_updated_at": iso_z(solved or replied),
            "requester_updated_at": iso_z(ticket.created_at),
            "status_updated_at": iso_z(solved or replied or ticket.created_at),
            "initially_assigned_at": iso_z(ticket.created_at),
            "assigned_at": iso_z(ticket.created_at),
            "solved_at": iso_z(solved),
            "latest_comment_added_at": iso_z(solved or replied or ticket.created_at),
            "reply_time_in_minutes": _minutes(ticket.created_at, replied),
            "first_resolution_time_in_minutes": resolution,
            "full_resolution_time_in_minutes": resolution,
            "agent_wait_time_in_minutes": {"calendar": None, "business": None},
            "requester_wait_time_in_minutes": resolution,
            "on_hold_time_in_minutes": {"calendar": 0, "business": 0},
        }

    def render_user(self, row: Row, base_url: str) -> dict[str, Any]:
        """One end user or agent."""
        user: SupportUser = row.fact
        return {
            "id": user.support_user_id,
            "url": f"{base_url}/api/v2/users/{user.support_user_id}.json",
            "name": " ".join(name_of_address(user.email)),
            "email": user.email,
            "created_at": iso_z(user.created_at),
            "updated_at": _time(row.version),
            "time_zone": "Berlin",
            "iana_time_zone": "Europe/Berlin",
            "phone": None,
            "locale": "en-US",
            "organization_id": user.organization_id,
            "role": user.role,
            "verified": True,
            "external_id": user.external_id,
            "tags": [],
            "active": True,
            "suspended": False,
            "shared": False,
            "last_login_at": None,
            "user_fields": {},
            "permanently_deleted": False,
        }

    def render_organization(self, row: Row, base_url: str) -> dict[str, Any]:
        """One organization with the domains that map its users."""
        organization: Organization = row.fact
        return {
            "url": f"{base_url}/api/v2/organizations/{organization.organization_id}.json",
            "id": organization.organization_id,
            "name": organization.name,
            "shared_tickets": False,
            "shared_comments": False,
            "external_id": organization.external_id,
            "created_at": iso_z(organization.created_at),
            "updated_at": _time(row.version),
            "domain_names": list(organization.domain_names),
            "details": None,
            "notes": None,
            "group_id": None,
            "tags": [],
            "organization_fields": {},
            "deleted_at": None,
        }

    def render_rating(self, row: Row, base_url: str) -> dict[str, Any]:
        """One satisfaction rating, as given."""
        ticket: Ticket = row.fact
        rating_id = RATING_ID_OFFSET + ticket.ticket_id
        return {
            "url": f"{base_url}/api/v2/satisfaction_ratings/{rating_id}.json",
            "id": rating_id,
            "assignee_id": ticket.assignee_id,
            "group_id": GROUP_ID,
            "requester_id": ticket.requester_id,
            "ticket_id": ticket.ticket_id,
            "score": ticket.satisfaction,
            "comment": None,
            "reason": None,
            "reason_id": None,
            "created_at": _time(row.version),
            "updated_at": _time(row.version),
        }


def _time(version: int) -> str | None:
    return iso_z(datetime.fromtimestamp(version, UTC))


def _minutes(start: datetime, end: datetime | None) -> dict[str, int | None]:
    minutes = int((end - start).total_seconds() // 60) if end else None
    return {"calendar": minutes, "business": minutes}
