"""Good batches of the streams of help desks."""

from datetime import timedelta

import pandas as pd
from good_frames import KEYS, START, every, frame, ids, times


def zendesk() -> dict[str, pd.DataFrame]:
    return {
        "zendesk__tickets": frame(
            id=ids("1"),
            created_at=times(),
            updated_at=times(4),
            generated_timestamp=every(1_770_000_000, 1_770_000_100),
            status=every("solved", "open"),
            requester_id=ids("2"),
            assignee_id=ids("3"),
            organization_id=ids("4"),
            tags=every('["kind_how_to"]'),
            metric_solved_at=[t if i % 2 == 0 else None for i, t in enumerate(times(1))],
            metric_reopens=every(0, None, 1),
            metric_first_reply_minutes=every(12, None, 30),
            metric_full_resolution_minutes=every(600, None),
        ),
        "zendesk__users": frame(
            id=ids("2"),
            identity_key=KEYS,
            email_key=KEYS,
            email_domain=every("b.example"),
            role=every("end-user", "agent", "admin"),
            organization_id=ids("4"),
            external_id=every(None, "x"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "zendesk__organizations": frame(
            id=ids("4"),
            name=ids("Org "),
            external_id=every(None, "a"),
            domain_names=every('["b.example"]'),
            created_at=times(),
            updated_at=times(1),
            deleted_at=[None] * 19 + [START + timedelta(days=90)],
        ),
        "zendesk__satisfaction_ratings": frame(
            id=ids("5"),
            ticket_id=ids("1"),
            score=["offered"] + ["good", "good", "bad"] * 6 + ["good"],
            created_at=times(),
            updated_at=times(1),
        ),
    }


def freshdesk() -> dict[str, pd.DataFrame]:
    return {
        "freshdesk__tickets": frame(
            id=ids("1"),
            listed=every("current", "current", "deleted"),
            created_at=times(),
            updated_at=times(4),
            status=every(4, 2),
            priority=every(1, 2, 3, 4),
            requester_id=ids("2"),
            responder_id=ids("3"),
            company_id=ids("4"),
            tags=every('["kind_how_to"]'),
            first_responded_at=times(0.5),
            reopened_at=every(None),
            resolved_at=[t if i % 2 == 0 else None for i, t in enumerate(times(1))],
            closed_at=every(None),
        ),
        "freshdesk__contacts": frame(
            id=ids("2"),
            identity_key=KEYS,
            listed=every("current"),
            email_key=KEYS,
            email_domain=every("b.example"),
            company_id=ids("4"),
            unique_external_id=every(None, "x"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "freshdesk__agents": frame(
            id=ids("3"),
            identity_key=KEYS,
            email_key=KEYS,
            email_domain=every("a.example"),
            type=every("support_agent"),
            active=every(True),
            created_at=times(),
            updated_at=times(2),
        ),
        "freshdesk__companies": frame(
            id=ids("4"),
            name=ids("Company "),
            external_id=every(None, "a"),
            domains=every('["b.example"]'),
            created_at=times(),
            updated_at=times(1),
        ),
        "freshdesk__satisfaction_ratings": frame(
            id=ids("5"), ticket_id=ids("1"), rating=every(103, 102, 101, -103), created_at=times(), updated_at=times(1)
        ),
    }
