"""Suites of an xAPI learning record store.

Who is told when one is red: whoever runs the record store or the learning system that feeds it. Critical holds back the
load; the marts then show the last good load with its age. Each load looks back a little, so statements come again in later
loads, but never twice in one.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_at_least,
    filled_where,
    keyed_hash,
    known_values,
    matches,
    not_ancient,
    not_before,
    unique,
)

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

VERB = "^https?://|^urn:|^tag:"
DURATION = "^P[0-9T]"
OBJECT_TYPES = ["Activity", "Agent", "Group", "StatementRef", "SubStatement"]


def statements() -> "list[Expectation]":
    """Statements, one record each: somebody did something with a course."""
    return [
        columns_present(
            "id identity_key stored happened_at verb_id object_type object_id actor_mbox_key actor_mbox_sha1sum_key "
            "actor_openid_key actor_account_name completion success score_scaled duration registration",
            "every learning figure",
        ),
        filled("id", "A statement without an id cannot be told from another.", "every learning figure"),
        filled("stored", "Without it the next night cannot tell what is new.", "freshness of statements"),
        filled("verb_id", "Without a verb nobody knows what was done.", "every learning figure"),
        unique("id", "A page came twice: the links between pages went wrong.", "every learning figure"),
        keyed_hash("identity_key"),
        keyed_hash("actor_mbox_key"),
        keyed_hash("actor_mbox_sha1sum_key"),
        keyed_hash("actor_openid_key"),
        # 2026-11-22: anonymous groups have no identity; a tenth of them is a system that sends names only
        filled_at_least("identity_key", 0.9, "Statements without an identity count for nobody.", "match rate"),
        filled_at_least("object_id", 0.9, "Statements without an activity count for no course.", "program funnel"),
        # 2026-11-22: the standard makes the store fill a missing timestamp in; a tenth without is another kind of store
        filled_at_least("happened_at", 0.9, "Late uploads would count on the day they were uploaded.", "learning hours"),
        matches("verb_id", VERB, "verb_id is an address.", "A bare word is no verb of xAPI and maps to none.", "program funnel"),
        matches(
            "duration",
            DURATION,
            "duration is an ISO 8601 duration.",
            "Another form cannot be read as minutes.",
            "learning hours",
            severity="warning",
        ),
        known_values("object_type", OBJECT_TYPES, "A new kind of object is not read as a course.", "program funnel"),
        between(
            "score_scaled", -1, 1, "A scaled score over 1 is a percentage, another scale.", "competent starters", mostly=0.99
        ),
        not_ancient("happened_at", "learning hours"),
        # 2026-11-22: clocks of phones run a little ahead; more than one in a hundred is a wrong time zone
        not_before("stored", "happened_at", "Nothing is stored before it happens.", "learning hours"),
        filled_where(
            "success",
            "completion == True",
            "completed",
            "Without it nobody knows whether the course was passed.",
            "competent starters",
            mostly=0.5,
        ),
    ]
