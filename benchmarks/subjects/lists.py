"""The two lists that every subject reads, and the JSON schemas of their records for those who want one. Standard library only."""

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


def _nullable(*kinds: str, **more: Any) -> Schema:
    return {"type": [*kinds, "null"], **more}


def _object(**properties: Schema) -> Schema:
    return _nullable("object", properties=properties)


TEXT, WHOLE, YES_NO = _nullable("string"), _nullable("integer"), _nullable("boolean")
TIME = _nullable("string", format="date-time")
CALENDAR = _object(calendar=WHOLE, business=WHOLE)
TICKET = _object(
    **dict.fromkeys(("url", "external_id", "type", "subject", "raw_subject", "description", "priority", "status"), TEXT),
    **dict.fromkeys(("recipient", "due_at"), TEXT),
    **dict.fromkeys(("id", "generated_timestamp", "requester_id", "submitter_id", "assignee_id", "organization_id"), WHOLE),
    **dict.fromkeys(("group_id", "forum_topic_id", "problem_id", "custom_status_id", "ticket_form_id", "brand_id"), WHOLE),
    **dict.fromkeys(("has_incidents", "is_public", "allow_channelback", "allow_attachments", "from_messaging_channel"), YES_NO),
    **dict.fromkeys(("created_at", "updated_at"), TIME),
    **dict.fromkeys(("collaborator_ids", "follower_ids", "sharing_agreement_ids"), _nullable("array", items=WHOLE)),
    **dict.fromkeys(("email_cc_ids", "followup_ids"), _nullable("array", items=WHOLE)),
    tags=_nullable("array", items=TEXT),
    **dict.fromkeys(("custom_fields", "fields"), _nullable("array", items=_object(id=WHOLE, value=TEXT))),
    via=_object(channel=TEXT, source=_nullable("object", additionalProperties=True)),
    satisfaction_rating=_object(score=TEXT),
    metric_set=_object(
        **dict.fromkeys(("id", "ticket_id", "group_stations", "assignee_stations", "reopens", "replies"), WHOLE),
        **dict.fromkeys(("created_at", "updated_at", "assignee_updated_at", "requester_updated_at", "assigned_at"), TIME),
        **dict.fromkeys(("status_updated_at", "initially_assigned_at", "solved_at", "latest_comment_added_at"), TIME),
        **dict.fromkeys(("reply_time_in_minutes", "first_resolution_time_in_minutes", "on_hold_time_in_minutes"), CALENDAR),
        **dict.fromkeys(("full_resolution_time_in_minutes", "agent_wait_time_in_minutes"), CALENDAR),
        requester_wait_time_in_minutes=CALENDAR,
    ),
)
CONTACT = _object(
    id=TEXT,
    archived=YES_NO,
    createdAt=TIME,
    updatedAt=TIME,
    properties=_object(
        **dict.fromkeys(("email", "jobtitle", "associatedcompanyid", "hs_merged_object_ids", "salesforcecontactid"), TEXT),
        **dict.fromkeys(("hs_object_id", "createdate", "lastmodifieddate"), TEXT),
    ),
)


@dataclass(frozen=True)
class List:
    """Where a list is, what its first request asks, and where the cursor of the next page stands and goes."""

    name: str
    path: str
    params: dict[str, str]
    collection: str
    cursor_path: tuple[str, ...]
    cursor_param: str
    schema: Schema


LISTS = {
    "zendesk": List(
        "tickets", "/api/v2/incremental/tickets/cursor.json", {"start_time": "0"}, "tickets", ("after_cursor",), "cursor", TICKET
    ),
    "hubspot": List(
        "contacts", "/crm/v3/objects/contacts", {"limit": "200"}, "results", ("paging", "next", "after"), "after", CONTACT
    ),
}
