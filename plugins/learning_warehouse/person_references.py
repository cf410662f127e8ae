"""Which keys of a vendor's records name a person: whom a record is about, and whom it only mentions.

Names are those of the raw records, at any depth for mentions, as dotted paths for the person a record is about. A mention is
an id, a list of ids, or an object with the `id` of a person in it. The people of a stream with an `identity`, and columns
declared as e-mail addresses, need no line here.
"""

from learning_warehouse.streams import Stream, tenant_of, vendor_of

Names = dict[str, tuple[str, ...]]

SUBJECTS: dict[str, Names] = {
    "absorb": {"userId": ("absorb.users",)},
    "learning360": {"userId": ("learning360.users",), "targetId": ("learning360.users",)},
    "moodle": {"userid": ("moodle.users",)},
    "moodle.enrollments": {"id": ("moodle.users",)},
    "bamboohr": {"employeeId": ("bamboohr.employees",)},
    "bamboohr.employee_changes": {"id": ("bamboohr.employees",)},
    "workday": {"Employee_ID": ("workday.workers",)},
    "hibob": {"employeeId": ("hibob.employees",)},
    "zendesk": {"requester_id": ("zendesk.users",)},
    "freshdesk": {"requester_id": ("freshdesk.contacts",), "user_id": ("freshdesk.contacts",)},
    "hubspot.contact_companies": {"fromObjectId": ("hubspot.contacts",)},
    "absorb.deletions": {"record_key": ("absorb.users",)},
    "salesforce.deletions": {"record_key": ("salesforce.contacts", "salesforce.users")},
    "hubspot.deletions": {"record_key": ("hubspot.contacts", "hubspot.owners")},
}
MENTIONS: dict[str, Names] = {
    "absorb": dict.fromkeys(("supervisorId", "addedById", "editedById", "managerId"), ("absorb.users",)),
    "learning360": dict.fromkeys(("authorId", "coAuthorIds", "managers"), ("learning360.users",)),
    "moodle": {"relateduserid": ("moodle.users",), "usermodified": ("moodle.users",)},
    "bamboohr": {"reportsToId": ("bamboohr.employees",)},
    "workday": {"Manager_Employee_ID": ("workday.workers",)},
    "hibob": {"reportsTo": ("hibob.employees",)},
    "zendesk": dict.fromkeys(
        ("assignee_id", "submitter_id", "author_id", "collaborator_ids", "follower_ids", "email_cc_ids"), ("zendesk.users",)
    ),
    "freshdesk": dict.fromkeys(("responder_id", "agent_id"), ("freshdesk.agents",)),
    "salesforce": {
        **dict.fromkeys(("OwnerId", "CreatedById", "LastModifiedById", "OldValue", "NewValue"), ("salesforce.users",)),
        **dict.fromkeys(("MasterRecordId", "ReportsToId", "ContactId"), ("salesforce.contacts",)),
    },
    "hubspot": {"hubspot_owner_id": ("hubspot.owners",)},
}


def people(domain: str | None = None) -> tuple[str, ...]:
    """Identity namespaces of the people of one domain, such as all HR workers, or of everybody."""
    from learning_warehouse.sources import every_stream  # sources import the eraser, and that reads this

    found = [stream.identity for stream in every_stream() if stream.identity and domain in (None, stream.domain)]
    return tuple(dict.fromkeys(found))


def subjects(stream: Stream) -> Names:
    """Path in the record -> identity namespaces of the person the record is about."""
    if stream.source == "drops":
        return {"employee_id": people("hris"), "source_identity_id": people(), "person_source_id": people()}
    return _own(SUBJECTS, stream)


def mentions(stream: Stream) -> Names:
    """Key -> identity namespaces of people a record mentions. In drop files that is every other `..._employee_id`."""
    if stream.source != "drops":
        return _own(MENTIONS, stream)
    return {one.json_path: people("hris") for one in stream.columns if one.json_path.endswith("_employee_id")}


def told_id(stream: Stream, namespace: str, text: str) -> str | None:
    """The id in its own system of whom a record calls `text`, None when that is nobody there.

    Drop files speak of all tenants, so they name the person 7 of zendesk@emea as emea:7; a vendor's records know their own only.
    """
    tenant = tenant_of(namespace.partition(".")[0])
    if stream.source != "drops" or not tenant:
        return text
    return text.removeprefix(f"{tenant}:") if text.startswith(f"{tenant}:") else None


def _own(names: dict[str, Names], stream: Stream) -> Names:
    """What is declared for the stream's vendor and for the stream itself, with the namespaces of its tenant."""
    vendor = vendor_of(stream.source)
    declared = names.get(vendor, {}) | names.get(f"{vendor}.{stream.name}", {})
    return {name: tuple(one.replace(vendor, stream.source, 1) for one in known) for name, known in declared.items()}
