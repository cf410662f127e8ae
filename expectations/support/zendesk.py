"""Suites of Zendesk Support, one per stream.

Who is told when one is red: support operations. Critical holds back the load of that stream only; the marts then show
the last good load with its age. Incremental exports may repeat a record at a page boundary, so repeats are a warning.
"""

from typing import TYPE_CHECKING

from expectations.shared import (
    between,
    columns_present,
    filled,
    filled_at_least,
    keyed_hash,
    known_values,
    not_ancient,
    not_before,
    rarely,
    unique,
)
from expectations.support.tickets import solved, tagged

if TYPE_CHECKING:
    from great_expectations.expectations import Expectation

REPEATS = 0.9  # 2026-11-21: boundaries repeat a handful of records; a tenth of a load repeated means a cursor went in a circle
STATUSES = ["new", "open", "pending", "hold", "solved", "closed", "deleted"]
RATINGS = ["offered", "unoffered", "good", "bad", "good_with_comment", "bad_with_comment"]


def tickets() -> "list[Expectation]":
    """Tickets with their metric sets, one record per ticket and change."""
    return [
        columns_present(
            "id created_at updated_at generated_timestamp status requester_id assignee_id organization_id tags "
            "metric_solved_at metric_reopens metric_first_reply_minutes metric_full_resolution_minutes",
            "every ticket figure",
        ),
        filled("id", "A ticket without an id cannot be told from another.", "every ticket figure"),
        filled("created_at", "Without it a ticket falls into no month.", "tickets per seat"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "every ticket figure"),
        filled("generated_timestamp", "Without it the order of changes is unknown.", "every ticket figure"),
        filled("status", "Without a status we cannot say whether it was solved.", "handling time"),
        filled("requester_id", "A ticket without a requester belongs to no customer.", "tickets per seat"),
        unique("id", "The same ticket came more than once.", "every ticket figure", severity="warning", mostly=REPEATS),
        known_values("status", STATUSES, "A status we do not know counts as open.", "handling time"),
        *tagged(),
        # 2026-11-21: tickets by mail from private addresses carry no organization; half would be a broken rule in the help desk
        filled_at_least(
            "organization_id", 0.5, "Tickets without an organization are mapped by the contact only.", "tickets per seat"
        ),
        between("metric_reopens", 0, 100, "More than 100 reopenings is a loop between two systems.", "reopened tickets"),
        between("metric_first_reply_minutes", 0, None, "Time cannot be negative.", "handling time"),
        between("metric_full_resolution_minutes", 0, None, "Time cannot be negative.", "handling time"),
        not_ancient("created_at", "tickets per seat"),
        not_before("updated_at", "created_at", "A ticket cannot change before it exists.", "every ticket figure"),
        *solved("status in ['solved', 'closed']", solved_at="metric_solved_at", agent="assignee_id"),
    ]


def users() -> "list[Expectation]":
    """Requesters and agents."""
    return [
        columns_present(
            "id identity_key email_key email_domain role organization_id external_id active created_at updated_at",
            "matching of requesters and agents",
        ),
        filled("id", "A user without an id cannot be joined to tickets.", "every ticket figure"),
        filled("identity_key", "Without a key the user cannot be matched to HR or CRM.", "match rate"),
        keyed_hash("identity_key"),
        keyed_hash("email_key"),
        unique("id", "The same user came more than once.", "match rate", severity="warning", mostly=REPEATS),
        filled("role", "Without a role agents and customers cannot be told apart.", "handling time of trained agents"),
        known_values(
            "role", ["end-user", "agent", "admin"], "An unknown role counts as customer.", "handling time of trained agents"
        ),
        filled("created_at", "Without it the user has no beginning.", "match rate"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "match rate"),
        # 2026-11-21: users made from phone calls have no address; a third is generous
        filled_at_least("email_key", 0.66, "Users without an address can only be matched by external id.", "match rate"),
        not_ancient("created_at", "match rate"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "match rate"),
    ]


def organizations() -> "list[Expectation]":
    """Customer organizations of the help desk."""
    return [
        columns_present("id name external_id domain_names created_at updated_at deleted_at", "tickets per account"),
        filled("id", "An organization without an id cannot be joined to tickets.", "tickets per account"),
        unique("id", "The same organization came more than once.", "tickets per account", severity="warning", mostly=REPEATS),
        filled("created_at", "Without it the organization has no beginning.", "tickets per account"),
        filled("updated_at", "Without it the newest copy cannot be chosen.", "tickets per account"),
        filled("name", "An organization without a name cannot be looked up.", "tickets per account", severity="warning"),
        not_ancient("created_at", "tickets per account"),
        not_before("updated_at", "created_at", "A record cannot change before it exists.", "tickets per account"),
        not_before("deleted_at", "created_at", "Nothing is deleted before it exists.", "tickets per account"),
    ]


def satisfaction_ratings() -> "list[Expectation]":
    """Ratings that customers gave, or were asked for, on solved tickets."""
    return [
        columns_present("id ticket_id score created_at updated_at", "ticket satisfaction"),
        filled("id", "A rating without an id cannot be told from another.", "ticket satisfaction"),
        filled("ticket_id", "A rating without its ticket says nothing about anybody.", "ticket satisfaction"),
        unique("id", "The same rating came more than once.", "ticket satisfaction", severity="warning", mostly=REPEATS),
        filled("score", "A rating without a score is not a rating.", "ticket satisfaction"),
        known_values("score", RATINGS, "A score we do not know counts as not rated.", "ticket satisfaction"),
        # 2026-11-21: 6 to 9 % of ratings stay blank in a usual month; from one in ten on, answers may no longer be typical
        rarely(
            "score",
            ["offered", "unoffered"],
            0.9,
            red="{share} of ticket ratings blank (usual 6 to 9 %)",
            means="Customers were asked and did not answer; those who answer may not be typical.",
            touches="ticket satisfaction",
            do="Read satisfaction with care this month; ask support whether the survey changed.",
        ),
        # 2026-11-21: happy customers are the majority everywhere; more than half bad is a swapped scale
        rarely(
            "score",
            ["bad"],
            0.5,
            red="{share} of ticket ratings are bad (usual: under 20 %)",
            means="Either something went very wrong or the scale was swapped.",
            touches="ticket satisfaction",
        ),
        filled("created_at", "Without it a rating falls into no month.", "ticket satisfaction"),
        not_ancient("created_at", "ticket satisfaction"),
        not_before("updated_at", "created_at", "A rating cannot change before it exists.", "ticket satisfaction"),
    ]
