"""Every stream whose records name people says so to the eraser: a new column with a person's id cannot be forgotten."""

import re

import pytest

from learning_warehouse.person_references import mentions, subjects
from learning_warehouse.sources import every_stream

PERSON = re.compile(
    r"(^|_)(user|requester|assignee|responder|agent|employee|owner|author|supervisor|coach|learner|worker|reports_to)_id$"
    r"|^master_record_id$"
)
NOBODY = {
    "salesforce.accounts.master_record_id": "the account it was merged into",
    "hubspot.owners.user_id": "the same person's id of the user interface, in their own record",
}
COLUMNS = [
    (stream, column)
    for stream in every_stream()
    for column in stream.columns
    if PERSON.search(column.name) and not (stream.identity and column.name in stream.primary_key)
]


@pytest.mark.parametrize(("stream", "column"), COLUMNS, ids=lambda one: getattr(one, "full_name", getattr(one, "name", "")))
def test_a_column_with_a_persons_id_is_known_to_the_eraser(stream, column):
    if f"{stream.full_name}.{column.name}" in NOBODY:
        return
    last = column.json_path.rpartition(".")[2]
    assert column.json_path in subjects(stream) or last in mentions(stream)


def test_the_rule_looks_at_columns_of_every_domain():
    assert {stream.domain for stream, _ in COLUMNS} == {"lms", "hris", "support", "crm", "signals"}
