"""Freshdesk records at `now`: tickets with their stats, contacts, agents, companies and satisfaction ratings.

The same help desk as Zendesk's, with Freshdesk's ids for words: status, priority, source and rating are numbers. A
ticket's `updated_at` is its newest event known, deletion included. Rows are rendered only when a page needs them.
"""

from datetime import datetime
from functools import cached_property
from typing import Any

from learning_warehouse.sandbox.records.shared import iso_z, known, name_of_address, newest, number_from
from learning_warehouse.sandbox.records.zendesk import Row
from learning_warehouse.simulation.ledger import Ledger, Organization, SupportUser, Ticket

EMAIL, PORTAL, CHAT, WIDGET = 1, 2, 7, 9
SOURCES = (PORTAL, EMAIL, EMAIL, CHAT, WIDGET)
OPEN, RESOLVED = 2, 4
PRIORITIES = {None: 1, "low": 1, "normal": 2, "high": 3, "urgent": 4}
TYPES = {"how_to": "Question", "defect": "Problem", "billing": "Task", "request": "Feature Request"}
GOOD, BAD = (103, 102, 101), (-101, -102, -103)
GROUP_ID, SURVEY_ID, RATING_ID_OFFSET = 48_000_000_001, 48_000_000_002, 48_100_000_000


class FreshdeskRecords:
    """Everything the help desk lists at one `now`; lists are ordered by (version, id)."""

    def __init__(self, ledger: Ledger, now: datetime) -> None:
        self.ledger = ledger
        self.now = now

    @cached_property
    def tickets(self) -> list[Row]:
        """Tickets of the default list."""
        return [row for row in self._tickets if not known(row.fact.deleted_at, self.now)]

    @cached_property
    def deleted_tickets(self) -> list[Row]:
        """Tickets that only `filter=deleted` lists."""
        return [row for row in self._tickets if known(row.fact.deleted_at, self.now)]

    @cached_property
    def _tickets(self) -> list[Row]:
        rows = []
        for ticket in self.ledger.tickets:
            if ticket.created_at < self.now:
                moments = (ticket.created_at, ticket.first_reply_at, ticket.solved_at, ticket.deleted_at)
                rows.append(Row(int(newest(moments, self.now).timestamp()), ticket.ticket_id, ticket))
        return sorted(rows, key=_place)

    @cached_property
    def contacts(self) -> list[Row]:
        """End users; Freshdesk keeps agents apart."""
        return self._created([user for user in self.ledger.support_users if user.role != "agent"], "support_user_id")

    @cached_property
    def agents(self) -> list[Row]:
        """Agents."""
        return self._created([user for user in self.ledger.support_users if user.role == "agent"], "support_user_id")

    @cached_property
    def companies(self) -> list[Row]:
        """Customer companies."""
        return self._created(self.ledger.organizations, "organization_id")

    @cached_property
    def ratings(self) -> list[Row]:
        """Ratings as given; the version is the moment of the rating."""
        rated = [ticket for ticket in self.ledger.tickets if ticket.satisfaction and known(ticket.rated_at, self.now)]
        return sorted(
            (Row(int(ticket.rated_at.timestamp()), ticket.ticket_id, ticket) for ticket in rated if ticket.rated_at), key=_place
        )

    def _created(self, facts: list[Any], id_name: str) -> list[Row]:
        known_facts = [fact for fact in facts if fact.created_at < self.now]
        return sorted((Row(int(fact.created_at.timestamp()), getattr(fact, id_name), fact) for fact in known_facts), key=_place)

    def render_ticket(self, row: Row, includes: set[str]) -> dict[str, Any]:
        """One ticket of a list; `includes` are the parts that were asked and paid for."""
        ticket: Ticket = row.fact
        subject = f"{ticket.category.replace('_', ' ').capitalize()}: request {ticket.ticket_id}"
        replied, solved = known(ticket.first_reply_at, self.now), known(ticket.solved_at, self.now)
        kind = [f"kind_{ticket.kind}"] if ticket.is_kind_tagged else []
        record: dict[str, Any] = {
            "cc_emails": [],
            "fwd_emails": [],
            "reply_cc_emails": [],
            "ticket_cc_emails": [],
            "fr_escalated": False,
            "spam": False,
            "email_config_id": None,
            "group_id": GROUP_ID,
            "priority": PRIORITIES[ticket.priority],
            "requester_id": ticket.requester_id,
            "responder_id": ticket.assignee_id if replied else None,
            "source": SOURCES[number_from(str(ticket.ticket_id), len(SOURCES))],
            "company_id": ticket.organization_id,
            "status": RESOLVED if solved else OPEN,
            "subject": subject,
            "association_type": None,
            "to_emails": None,
            "product_id": None,
            "id": ticket.ticket_id,
            "type": TYPES.get(ticket.kind) if ticket.is_kind_tagged else None,
            "due_by": None,
            "fr_due_by": None,
            "is_escalated": False,
            "custom_fields": {"cf_area": ticket.category},
            "created_at": iso_z(ticket.created_at),
            "updated_at": iso_z(datetime.fromtimestamp(row.version, ticket.created_at.tzinfo)),
            "associated_tickets_count": None,
            "tags": [f"area_{ticket.category}", *kind],
        }
        if known(ticket.deleted_at, self.now):
            record["deleted"] = True
        if "stats" in includes:
            record["stats"] = _stats(ticket, replied, solved)
        if "description" in includes:
            record |= {"description": f"<div>{subject}</div>", "description_text": subject}
        if "requester" in includes:
            record["requester"] = self._requester(ticket.requester_id)
        return record

    def _requester(self, requester_id: int) -> dict[str, Any]:
        user = self._users[requester_id]
        name = " ".join(name_of_address(user.email))
        return {"id": requester_id, "name": name, "email": user.email, "mobile": None, "phone": None}

    @cached_property
    def _users(self) -> dict[int, SupportUser]:
        return {user.support_user_id: user for user in self.ledger.support_users}

    def render_contact(self, row: Row) -> dict[str, Any]:
        """One contact of a customer."""
        user: SupportUser = row.fact
        return {
            "active": False,
            "address": None,
            "description": None,
            "email": user.email,
            "id": user.support_user_id,
            "job_title": None,
            "language": "en",
            "mobile": None,
            "name": " ".join(name_of_address(user.email)),
            "phone": None,
            "time_zone": "Berlin",
            "twitter_id": None,
            "custom_fields": {},
            "facebook_id": None,
            "created_at": iso_z(user.created_at),
            "updated_at": iso_z(user.created_at),
            "csat_rating": None,
            "preferred_source": None,
            "company_id": user.organization_id,
            "unique_external_id": user.external_id,
        }

    def render_agent(self, row: Row) -> dict[str, Any]:
        """One agent; the person's own data are in `contact`."""
        user: SupportUser = row.fact
        created = iso_z(user.created_at)
        return {
            "available": True,
            "occasional": False,
            "id": user.support_user_id,
            "ticket_scope": 1,
            "created_at": created,
            "updated_at": created,
            "last_active_at": None,
            "available_since": None,
            "type": "support_agent",
            "contact": {
                "active": True,
                "email": user.email,
                "job_title": None,
                "language": "en",
                "last_login_at": None,
                "mobile": None,
                "name": " ".join(name_of_address(user.email)),
                "phone": None,
                "time_zone": "Berlin",
                "created_at": created,
                "updated_at": created,
            },
            "signature": None,
        }

    def render_company(self, row: Row) -> dict[str, Any]:
        """One company; the CRM's account id is a custom field of this installation."""
        organization: Organization = row.fact
        return {
            "id": organization.organization_id,
            "name": organization.name,
            "description": None,
            "note": None,
            "domains": list(organization.domain_names),
            "created_at": iso_z(organization.created_at),
            "updated_at": iso_z(organization.created_at),
            "custom_fields": {"cf_crm_account_id": organization.external_id},
            "health_score": None,
            "account_tier": None,
            "renewal_date": None,
            "industry": None,
        }

    def render_rating(self, row: Row) -> dict[str, Any]:
        """One answer to the survey."""
        ticket: Ticket = row.fact
        scale = GOOD if ticket.satisfaction == "good" else BAD
        return {
            "id": RATING_ID_OFFSET + ticket.ticket_id,
            "survey_id": SURVEY_ID,
            "user_id": ticket.requester_id,
            "agent_id": ticket.assignee_id,
            "feedback": None,
            "group_id": GROUP_ID,
            "ticket_id": ticket.ticket_id,
            "created_at": iso_z(ticket.rated_at),
            "updated_at": iso_z(ticket.rated_at),
            "ratings": {"default_question": scale[number_from(str(ticket.ticket_id), len(scale))]},
        }


def _place(row: Row) -> tuple[int, int]:
    return row.version, row.id


def _stats(ticket: Ticket, replied: datetime | None, solved: datetime | None) -> dict[str, str | None]:
    """Moments of a ticket's life. Freshdesk says when a ticket was last reopened, not how often."""
    reopened = replied + (solved - replied) / 2 if replied and solved and ticket.reopen_count else None
    reopened = reopened.replace(microsecond=0) if reopened else None
    return {
        "agent_responded_at": iso_z(solved or replied),
        "requester_responded_at": iso_z(reopened),
        "first_responded_at": iso_z(replied),
        "status_updated_at": iso_z(solved or replied or ticket.created_at),
        "reopened_at": iso_z(reopened),
        "resolved_at": iso_z(solved),
        "closed_at": None,
        "pending_since": None,
    }
